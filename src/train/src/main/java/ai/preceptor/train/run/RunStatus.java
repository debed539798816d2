package ai.preceptor.train.run;

import ai.preceptor.data.ConfigurationException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a run says of itself while it is written: {@code status.json}, made again every two seconds, on another thread, and
 * at the end. It names the command, the process, planned steps, processor time, memory and meters; metrics are in {@code metrics.jsonl}.
 *
 * <p>A process that is killed leaves the state {@code running} behind: readers compare {@code pid} and {@code
 * process_started} with the processes of {@code host}.
 */
public final class RunStatus implements AutoCloseable {
    /** Its name in the run directory. */
    public static final String NAME = "status.json";

    private static final String COMMAND = "command";

    /** What became of a run. */
    public enum State {
        RUNNING,
        FINISHED,
        STOPPED,
        FAILED
    }

    private final StatusFile file;
    private final Instant started;
    private final String host = host();
    private @Nullable String command;
    private @Nullable String name;
    private int firstStep;
    private int totalSteps;
    private State state = State.RUNNING;
    private boolean done;
    private @Nullable String message;
    private @Nullable Supplier<Map<String, Object>> meters;

    /** The process may have done other work before: other stages of a recipe. */
    private final Duration processorTimeBefore = processorTime();

    private long peakResident;

    private RunStatus(Path directory) {
        this.started = Instant.now();
        this.file = new StatusFile(directory.resolve(NAME), this::row);
    }

    /**
     * Makes sure that a run directory does not hold a run of another command, which would be overwritten.
     *
     * @param command that is to run in it
     * @throws ConfigurationException if it does
     */
    public static void requireCommand(Path directory, String command) {
        String other = StatusFile.read(directory.resolve(NAME)).path(COMMAND).asText(command);
        if (!other.equals(command)) {
            throw new ConfigurationException(
                    "output: " + directory + " holds a run of " + other + "; choose another directory");
        }
    }

    /** Writes it for the first time, and from then on regularly. */
    static RunStatus open(Path directory) {
        RunStatus status = new RunStatus(directory);
        status.file.start();
        return status;
    }

    /**
     * Names what runs.
     *
     * @param command of the command line
     * @param name of the stage, in a recipe; else that of the command
     */
    public synchronized void running(String command, String name) {
        this.command = command;
        this.name = name;
    }

    /** Says how far the run has to go. */
    public synchronized void steps(int first, int total) {
        this.firstStep = first;
        this.totalSteps = total;
    }

    /** Where live figures come from, such as queues: a value may be a number, a text, a list or a map. */
    public synchronized void meters(Supplier<Map<String, Object>> source) {
        this.meters = source;
    }

    /**
     * Says that what the run was for is done; it is finished when its directory is closed. A command that {@link #running runs} may have
     * more to do, and says by {@link #ended} how it ended.
     */
    synchronized void finished() {
        done = command == null;
    }

    /**
     * Says why a run ends early; the first reason stays. A run that is done can fail, but not be stopped any more.
     *
     * @param reason for a person; null if there is none
     */
    public synchronized void ended(State how, @Nullable String reason) {
        boolean late = how == State.STOPPED && done;
        if (state == State.RUNNING && !late) {
            state = how;
            message = reason;
        }
    }

    private synchronized Map<String, @Nullable Object> row() {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("state", state.name().toLowerCase(Locale.ROOT));
        row.put(COMMAND, command);
        row.put("name", name);
        row.put("message", message);
        row.put("first_step", firstStep);
        row.put("total_steps", totalSteps);
        ProcessHandle process = ProcessHandle.current();
        row.put("pid", process.pid());
        row.put(
                "process_started",
                process.info().startInstant().map(Instant::toEpochMilli).orElse(null));
        row.put("host", host);
        row.put("started", started.toEpochMilli());
        row.put("updated", Instant.now().toEpochMilli());
        row.put("processor_seconds", processorTime().minus(processorTimeBefore).toMillis() / 1e3);
        row.put("memory", memory());
        Supplier<Map<String, Object>> source = meters;
        if (source != null) {
            row.put("meters", source.get());
        }
        return row;
    }

    /** Name of this machine, looked up once, which may take long; empty where it has none. */
    public static String host() {
        return Host.NAME;
    }

    private static final class Host {
        private static final String NAME = lookUp();

        private static String lookUp() {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException nameless) {
                return "";
            }
        }
    }

    private synchronized boolean isDone() {
        return done;
    }

    /** Of all threads of this process since its start; zero where the system does not tell. */
    private static Duration processorTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Its peak is the highest that was read in this run. */
    private Map<String, Object> memory() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        Map<String, Object> memory = new LinkedHashMap<>();
        ResidentMemory.read().ifPresent(bytes -> {
            peakResident = Math.max(peakResident, bytes);
            memory.put("resident_bytes", bytes);
            memory.put("peak_resident_bytes", peakResident);
        });
        memory.put("heap_bytes", heap.getUsed());
        memory.put("heap_max_bytes", heap.getMax());
        return memory;
    }

    /** Writes it for the last time; a run that said nothing of its end has failed. */
    @Override
    public void close() {
        ended(isDone() ? State.FINISHED : State.FAILED, null);
        file.close();
    }
}
