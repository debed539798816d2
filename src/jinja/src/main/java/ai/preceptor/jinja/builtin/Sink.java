package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.Budget;

/** Receives the output of statements. */
public final class Sink {
    private final StringBuilder text = new StringBuilder();
    private final Budget budget;

    public Sink(Budget budget) {
        this.budget = budget;
    }

    public void append(String piece) {
        if (!piece.isEmpty()) {
            budget.output((long) text.length() + piece.length(), piece.length());
            text.append(piece);
        }
    }

    int length() {
        return text.length();
    }

    public String text() {
        return text.toString();
    }
}
