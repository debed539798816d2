package ai.preceptor.cli.console;

import ai.preceptor.cli.report.SampleRow;
import java.util.List;

/** Prints a few prompts with what each model answers. */
public final class SamplePrinter {
    private static final int MOST_LINES = 6;
    private static final String INDENT = "    ";

    private final Terminal terminal;

    /** @param terminal where to print */
    public SamplePrinter(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Prints them on standard output. */
    public void print(List<SampleRow> samples) {
        for (SampleRow sample : samples) {
            terminal.out().println();
            entry("prompt", sample.prompt());
            sample.answers().forEach(answer -> entry(answer.method(), answer.text()));
        }
    }

    private void entry(String name, String text) {
        terminal.out().println("  " + name + ":");
        int width = Math.max(1, Math.min(100, terminal.width()) - INDENT.length());
        new Wrapped(text, width, MOST_LINES)
                .lines()
                .forEach(line -> terminal.out().println(INDENT + line));
    }
}
