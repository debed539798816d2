package ai.preceptor.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The program as a process of its own, as the launcher starts it.
 *
 * @param process it
 * @param log where both its streams go
 */
public record ProgramProcess(Process process, Path log) {
    private static final long PATIENCE_SECONDS = 120;

    /**
     * Starts it.
     *
     * @param log where both its streams go
     * @param javaOptions further options of the virtual machine
     * @param arguments the command and its keys
     */
    public static ProgramProcess start(Path log, List<String> javaOptions, List<String> arguments) throws IOException {
        return start(log, List.of(), javaOptions, arguments);
    }

    /**
     * Starts it under a shell's limits, as in {@code ulimit -f 100}.
     *
     * @param blocks most 512-byte blocks of a file it may write
     */
    public static ProgramProcess startWithSmallFiles(Path log, int blocks, List<String> arguments) throws IOException {
        List<String> shell = List.of("sh", "-c", "ulimit -f " + blocks + "; exec \"$@\"", "sh");
        return start(log, shell, List.of("-XX:-UsePerfData"), arguments);
    }

    /** Starts it with further environment variables, each as {@code NAME=value}. */
    public static ProgramProcess startWithVariables(Path log, List<String> variables, List<String> arguments)
            throws IOException {
        List<String> env = new ArrayList<>(List.of("env"));
        env.addAll(variables);
        return start(log, env, List.of("-XX:-UsePerfData"), arguments);
    }

    private static ProgramProcess start(Path log, List<String> before, List<String> options, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dai.djl.offline=true"));
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(Main.class.getName());
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new ProgramProcess(process, log);
    }

    /** Waits for its end, and kills it when that takes too long. */
    public int end() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return process.waitFor();
    }

    /** Waits until it has left a sign of where it is: a directory, or a file with something in it. */
    public void await(Path sign) throws IOException, InterruptedException {
        await(() -> Files.exists(sign) && Files.size(sign) > 0, "sign of " + sign);
    }

    /** Waits until a file has so many lines. */
    public void await(Path file, int lines) throws IOException, InterruptedException {
        await(text(file, found -> found.lines().count() >= lines), lines + " lines in " + file);
    }

    /** Waits until it has printed {@code words}. */
    public void awaitOutput(String words) throws IOException, InterruptedException {
        await(text(log, found -> found.contains(words)), "\"" + words + "\" printed");
    }

    private void await(Sign sign, String what) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            boolean alive = process.isAlive(); // before the look: its last sign counts
            if (sign.isThere()) {
                return;
            }
            if (!alive || System.nanoTime() > deadline) {
                throw new AssertionError("no " + what + ": " + output());
            }
            Thread.sleep(2);
        }
    }

    /** Reads the file only when its size is another than at the last look: reading a long one each time would take a core. */
    private static Sign text(Path file, Predicate<String> wanted) {
        long[] seen = {-1};
        return () -> {
            long size = Files.exists(file) ? Files.size(file) : -1;
            if (size == seen[0]) {
                return false;
            }
            seen[0] = size;
            return wanted.test(Files.readString(file));
        };
    }

    /** A look at files. */
    private interface Sign {
        boolean isThere() throws IOException;
    }

    /** What it has printed so far. */
    public String output() throws IOException {
        return Files.readString(log);
    }
}
