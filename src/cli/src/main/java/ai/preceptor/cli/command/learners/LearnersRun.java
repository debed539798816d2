package ai.preceptor.cli.command.learners;

import ai.preceptor.Preceptor;
import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.cli.keys.learners.LearnersKeys;
import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.AtomicFiles;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.lm.collective.CollectiveLibrary;
import ai.preceptor.lm.collective.CollectiveOptions;
import ai.preceptor.lm.collective.LostLearnerException;
import ai.preceptor.lm.collective.TorchCollective;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.train.learners.SharedStore;
import ai.preceptor.train.run.RunDirectory;
import ai.preceptor.train.run.RunStore;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The learners of one run, seen from this process: those it started, and the group of all. */
public final class LearnersRun implements AutoCloseable {
    /** The file of a run directory with the output of the other learners. */
    public static final String LOG = "learners.log";

    /** System property with the process that started this one. */
    private static final String STARTER = "preceptor.learners.starter";

    private static final int LOST = 4;
    private static final String MAIN = "ai.preceptor.cli.Main";
    private static final long STARTING_MILLIS = 200;
    private static final long ENDING_MILLIS = 5_000;

    private final LearnersKeys keys;
    private final String command;
    private final Path directory;
    private final @Nullable Path library;
    private final List<LearnerProcess> others = new ArrayList<>();
    private @Nullable PrintStream log;
    private @Nullable Path aside;
    private @Nullable Torch torch;
    private Collective learners = Collective.single();

    private LearnersRun(LearnersKeys keys, String command, Path directory, @Nullable Path library) {
        this.keys = keys;
        this.command = command;
        this.directory = directory;
        this.library = library;
    }

    /**
     * Looks for what several learners need; starts nothing.
     *
     * @param command that they run
     * @param directory of the run
     * @throws ai.preceptor.data.ConfigurationException if the library is missing
     */
    public static LearnersRun of(LearnersKeys keys, String command, Path directory) {
        Path library = keys.world() == 1 ? null : CollectiveLibrary.find(keys.collectiveLibrary());
        Long starter = Long.getLong(STARTER);
        if (starter != null) {
            endSoonAfter(starter);
        }
        return new LearnersRun(keys, command, directory, library);
    }

    /** A learner ends when it finds the others gone; while it waits for them to start it would not find that out for long. */
    private static void endSoonAfter(long starter) {
        Thread watch = new Thread(
                () -> {
                    ProcessHandle.of(starter)
                            .ifPresent(process -> process.onExit().join());
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ENDING_MILLIS));
                    Runtime.getRuntime().halt(LOST);
                },
                "learners-starter");
        watch.setDaemon(true);
        watch.start();
    }

    /** Whether another learner writes the run directory. */
    public boolean isFollower() {
        return keys.rank() > 0;
    }

    /** A new directory for what a learner would write whose run directory another one writes; removed at the end. */
    public Path aside() {
        try {
            Path created = Files.createTempDirectory("preceptor-learner-");
            aside = created;
            return created;
        } catch (IOException e) {
            throw new OutputException(
                    Path.of(System.getProperty("java.io.tmpdir")), "cannot be written: " + e.getMessage(), e);
        }
    }

    /**
     * Where the loop's results go.
     *
     * @param own that this process has open
     */
    public RunStore store(RunDirectory own) {
        return isFollower() ? SharedStore.ofOther(directory, learners) : SharedStore.ofFirst(own, learners);
    }

    /** Whether each learner keeps only its part of the optimizer's state. */
    public boolean dividesOptimizer() {
        return keys.divideOptimizer();
    }

    /** The group; of one learner until it is {@link #join joined}. */
    public Collective learners() {
        return learners;
    }

    /** Opens this learner's device: of those that share a machine, each has its share of the processors. */
    public Preceptor open(DeviceKeys device) {
        if (!keys.startsOthers() || device.threads() > 0) {
            return device.open();
        }
        return Preceptor.open(device.device(), shareOfProcessors());
    }

    private int shareOfProcessors() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / keys.world());
    }

    /**
     * Starts the other learners, if this one does, and waits for them.
     *
     * @throws ai.preceptor.data.ConfigurationException if the device is not the processor
     * @throws LostLearnerException if one ends before, or does not come
     */
    public void join(DeviceKeys device) {
        Path file = library;
        if (file == null) {
            return;
        }
        TorchCollective.requireProcessor(Torch.named(device.device()));
        CollectiveOptions options = keys.startsOthers()
                ? CollectiveOptions.loopback(0, keys.world(), freePort(), keys.timeout())
                : keys.place();
        Torch own = Torch.open("cpu", 1);
        torch = own;
        if (keys.startsOthers()) {
            start(options.port(), device);
        }
        FutureTask<Collective> joining = new FutureTask<>(() -> TorchCollective.join(own, file, options));
        Thread thread = new Thread(joining, "learners-join"); // it waits in native code, which cannot be interrupted
        thread.setDaemon(true);
        thread.start();
        learners = new WatchedCollective(joined(joining), this::endings);
    }

    private Collective joined(FutureTask<Collective> joining) {
        while (true) {
            try {
                return joining.get(STARTING_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (!endings().isEmpty()) {
                    torch = null; // still used by the thread that waits
                    throw new LostLearnerException(
                            "not all learners started: " + String.join("; ", endings()) + "; see "
                                    + directory.resolve(LOG),
                            e);
                }
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LostLearnerException("interrupted while the learners were starting", e);
            }
        }
    }

    /** Of the processes that ended. */
    private List<String> endings() {
        return others.stream().flatMap(other -> other.end().stream()).toList();
    }

    private void start(int port, DeviceKeys device) {
        try {
            log = new PrintStream(
                    Files.newOutputStream(directory.resolve(LOG), StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                    true,
                    StandardCharsets.UTF_8);
            for (int rank = 1; rank < keys.world(); rank++) {
                others.add(LearnerProcess.start(rank, process(rank, port, device), log));
            }
        } catch (IOException e) {
            throw new OutputException(directory.resolve(LOG), "learners cannot be started: " + e.getMessage(), e);
        }
    }

    private ProcessBuilder process(int rank, int port, DeviceKeys device) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-agentlib") && !argument.startsWith("-javaagent"))
                .forEach(words::add);
        words.add("-D" + STARTER + "=" + ProcessHandle.current().pid());
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN, command));
        words.add(directory.resolve("config.yaml").toString());
        words.add("output=" + directory);
        words.add("learners=1");
        words.add("learner.rank=" + rank);
        words.add("learner.world=" + keys.world());
        words.add("learner.master=127.0.0.1:" + port);
        words.add("learner.timeout=" + keys.timeout().toSeconds());
        if (device.threads() == 0) {
            words.add("threads=" + shareOfProcessors());
        }
        return new ProcessBuilder(words);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new LostLearnerException("learners find no free port to meet at: " + e.getMessage(), e);
        }
    }

    /** Leaves the group. */
    public void leave() {
        learners.close();
        learners = Collective.single();
        if (torch != null) {
            torch.close();
            torch = null;
        }
    }

    /** Also ends processes that do not end by themselves. */
    @Override
    public void close() {
        leave();
        others.forEach(other -> other.end(ENDING_MILLIS));
        if (log != null) {
            log.close();
        }
        if (aside != null) {
            try {
                AtomicFiles.deleteTree(aside);
            } catch (IOException e) {
                throw new OutputException(aside, "cannot be removed: " + e.getMessage(), e);
            }
        }
    }
}
