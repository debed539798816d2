package ai.preceptor.cli.console;

import ai.preceptor.train.Interrupt;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The terminal's output stream and its Ctrl-C.
 *
 * @param out results
 * @param err progress and errors
 * @param interactive whether a person watches {@code err}: only then may a line be rewritten
 * @param width columns of a line on {@code err}, at least 20
 * @param interrupts the one request to stop; asking for it says that from now on a stop will be looked out for
 * @param notices notices that are printed once per process
 * @param part what is being done is called so, as a part of a larger job; empty when it is the whole
 */
public record Terminal(
        PrintStream out,
        PrintStream err,
        boolean interactive,
        int width,
        Supplier<Interrupt> interrupts,
        Notices notices,
        String part) {
    private static final int USUAL_WIDTH = 80;
    private static final int LEAST_WIDTH = 20;

    /** A terminal without Ctrl-C. */
    public Terminal(PrintStream out, PrintStream err, boolean interactive, int width) {
        this(out, err, interactive, width, new Interrupt());
    }

    private Terminal(PrintStream out, PrintStream err, boolean interactive, int width, Interrupt interrupt) {
        this(out, err, interactive, width, () -> interrupt, new Notices(err), "");
    }

    /** This process's streams, in UTF-8. The system property {@code preceptor.tty} overrules what is found out about them. */
    public static Terminal system() {
        Map<String, String> environment = System.getenv();
        String told = System.getProperty("preceptor.tty");
        boolean interactive = told == null ? isWatched() : Boolean.parseBoolean(told);
        boolean dumb = "dumb".equals(environment.get("TERM"));
        PrintStream err = utf8(System.err);
        return new Terminal(
                utf8(System.out),
                err,
                interactive && !dumb,
                width(environment.get("COLUMNS")),
                new Interrupts(),
                new Notices(err),
                "");
    }

    /** Ctrl-C as a request to stop, which the caller must poll. */
    public Interrupt interrupt() {
        return interrupts.get();
    }

    /** What to call what a command does: the part of the larger job that it is, else its own name. */
    public String label(String command) {
        return part.isEmpty() ? command : part;
    }

    /** The same for a part of a larger job, which tells the results itself. */
    public Terminal forPart(String name) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new Terminal(nowhere, err, interactive, width, interrupts, notices, name);
    }

    /** Java 17 can only ask whether input and output are both a terminal; Linux tells what standard error is. */
    @SuppressWarnings("SystemConsoleNull") // for systems without /proc, where a newer Java says true too often
    private static boolean isWatched() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null;
        }
    }

    private static PrintStream utf8(PrintStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    private static int width(@Nullable String columns) {
        if (columns == null || !columns.matches("[0-9]{1,4}")) {
            return USUAL_WIDTH;
        }
        int width = Integer.parseInt(columns);
        return width == 0 ? USUAL_WIDTH : Math.max(LEAST_WIDTH, width);
    }
}
