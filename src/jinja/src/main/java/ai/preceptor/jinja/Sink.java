package ai.preceptor.jinja;

/** Where statements write. */
final class Sink {
    private final StringBuilder text = new StringBuilder();
    private final Budget budget;

    Sink(Budget budget) {
        this.budget = budget;
    }

    void append(String piece) {
        if (!piece.isEmpty()) {
            budget.output((long) text.length() + piece.length(), piece.length());
            text.append(piece);
        }
    }

    int length() {
        return text.length();
    }

    String text() {
        return text.toString();
    }
}
