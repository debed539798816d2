package ai.preceptor.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.preceptor.train.Interrupt;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * The terminal's output stream and its Ctrl-C.
 *
 * @param out results
 * @param err progress and errors
 * @param interactive whether a person watches {@code err}: only then may a line be rewritten
 * @param columns of a line on {@code err}, at least 20
 * @param status the line of {@code err} that is written over
 * @param stamp begins a line of progress that is not written over: the time, or nothing
 * @param interrupts the one request to stop; asking for it says that from now on a stop will be looked out for
 * @param notices notices that are printed once per process
 * @param part what is being done is called so, as a part of a larger job; empty when it is the whole
 */
public record Terminal(
        PrintStream out,
        PrintStream err,
        boolean interactive,
        IntSupplier columns,
        StatusStream status,
        Supplier<String> stamp,
        Supplier<Interrupt> interrupts,
        Notices notices,
        String part) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss ", Locale.ROOT);

    /** A terminal without Ctrl-C and without the time of day. */
    public Terminal(PrintStream out, PrintStream err, boolean interactive, int width) {
        this(out, new StatusStream(err), interactive, () -> width, () -> "", new Interrupt());
    }

    private Terminal(
            PrintStream out,
            StatusStream status,
            boolean interactive,
            IntSupplier columns,
            Supplier<String> stamp,
            Interrupt interrupt) {
        this(out, status, interactive, columns, stamp, () -> interrupt, new PrintStream(status, true, UTF_8));
    }

    private Terminal(
            PrintStream out,
            StatusStream status,
            boolean interactive,
            IntSupplier columns,
            Supplier<String> stamp,
            Supplier<Interrupt> interrupts,
            PrintStream err) {
        this(out, err, interactive, columns, status, stamp, interrupts, new Notices(err), "");
    }

    /**
     * This process's streams, in UTF-8. The system property {@code preceptor.tty} overrules what is found out about them.
     * What others print on {@code System.err} from now on, such as a log, knows of the line that is written over too.
     */
    public static Terminal system() {
        Map<String, String> environment = System.getenv();
        String told = System.getProperty("preceptor.tty");
        boolean dumb = "dumb".equals(environment.get("TERM"));
        boolean interactive = (told == null ? isWatched() : Boolean.parseBoolean(told)) && !dumb;
        int otherwise = WindowWidth.told(environment.get("COLUMNS"));
        IntSupplier columns =
                interactive ? new WindowWidth(WindowWidth::ofTerminal, otherwise, System::nanoTime) : () -> otherwise;
        StatusStream status = new StatusStream(new PrintStream(System.err, true, UTF_8));
        PrintStream err = new PrintStream(status, true, UTF_8);
        System.setErr(err);
        PrintStream out = new PrintStream(System.out, true, UTF_8);
        Supplier<String> stamp = interactive
                ? () -> ""
                : () -> LocalDateTime.now(ZoneId.systemDefault()).format(TIME);
        return new Terminal(out, status, interactive, columns, stamp, new Interrupts(), err);
    }

    /** Columns of a line on {@code err} now. */
    public int width() {
        return columns.getAsInt();
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
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
        return new Terminal(nowhere, err, interactive, columns, status, stamp, interrupts, notices, name);
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
}
