package ai.preceptor.cli.command.learners;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The process of another learner on this machine. Its output goes to the log of all, a line at a time. */
final class LearnerProcess {
    private static final int KILLED = 128;

    private final int rank;
    private final Process process;
    private final PrintStream log;
    private volatile String last = "";

    private LearnerProcess(int rank, Process process, PrintStream log) {
        this.rank = rank;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts one.
     *
     * @param builder says how; both its streams are read as one
     * @param log shared by all, each of whose lines begins with the rank
     */
    static LearnerProcess start(int rank, ProcessBuilder builder, PrintStream log) throws IOException {
        LearnerProcess started =
                new LearnerProcess(rank, builder.redirectErrorStream(true).start(), log);
        Thread reader = new Thread(started::copy, "learner-" + rank + "-log");
        reader.setDaemon(true);
        reader.start();
        return started;
    }

    private void copy() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.println("[learner " + rank + "] " + line);
                last = line.isBlank() ? last : line;
            }
        } catch (IOException e) {
            log.println("[learner " + rank + "] its output cannot be read: " + e.getMessage());
        }
    }

    /** How it ended; empty while it runs. */
    Optional<String> end() {
        if (process.isAlive()) {
            return Optional.empty();
        }
        int code = process.exitValue();
        if (code > KILLED) {
            return Optional.of("learner " + rank + " was ended by signal " + (code - KILLED));
        }
        String said = code == 0 || last.isEmpty() ? "" : " (" + last.strip() + ")";
        return Optional.of("learner " + rank + " ended with code " + code + said);
    }

    /** Waits for its end, and ends it where it does not. */
    void end(long patienceMillis) {
        try {
            if (!process.waitFor(patienceMillis, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
