package ai.preceptor.app.console;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where output goes.
 *
 * @param out results
 * @param err progress and errors
 * @param interactive whether a person watches {@code err}: only then may a line be rewritten
 * @param width columns of a line on {@code err}, at least 20
 */
public record Terminal(PrintStream out, PrintStream err, boolean interactive, int width) {
    private static final int USUAL_WIDTH = 80;
    private static final int LEAST_WIDTH = 20;

    /**
     * This process's streams, in UTF-8. Java 17 cannot ask whether one stream is a terminal, so the launcher does and says
     * so in the system properties {@code preceptor.tty} (of standard error) and {@code preceptor.columns}.
     */
    public static Terminal system() {
        Map<String, String> environment = System.getenv();
        boolean interactive = Boolean.getBoolean("preceptor.tty");
        boolean dumb = "dumb".equals(environment.get("TERM"));
        int width = width(System.getProperty("preceptor.columns"), environment.get("COLUMNS"));
        return new Terminal(utf8(System.out), utf8(System.err), interactive && !dumb, width);
    }

    private static PrintStream utf8(PrintStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    private static int width(@Nullable String told, @Nullable String columns) {
        String text = told == null ? columns : told;
        if (text == null || !text.matches("[0-9]{1,4}")) {
            return USUAL_WIDTH;
        }
        int width = Integer.parseInt(text);
        return width == 0 ? USUAL_WIDTH : Math.max(LEAST_WIDTH, width);
    }
}
