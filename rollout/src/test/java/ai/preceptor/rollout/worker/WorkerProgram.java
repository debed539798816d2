package ai.preceptor.rollout.worker;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Score;
import ai.preceptor.rollout.FakeEngine;
import ai.preceptor.rollout.FaultInjector;
import ai.preceptor.rollout.Rollouts;
import ai.preceptor.rollout.cluster.ClusterAddress;
import ai.preceptor.rollout.cluster.ClusterSecret;
import ai.preceptor.rollout.cluster.ClusterSetting;
import ai.preceptor.rollout.message.EncodedPrompt;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A worker with a fake engine, in this process or in one of its own. */
public final class WorkerProgram {
    static final String SECRET_VARIABLE = "PRECEPTOR_TEST_SECRET";
    static final String SECRET = "sixteen characters or more";
    public static final String DIGEST = "0123456789abcdef";

    private WorkerProgram() {}

    /** @param args the learner's port, how many milliseconds a prompt takes, and a seed for faults, if any */
    public static void main(String[] args) {
        WorkerHost host = args.length > 2
                ? faulty(new FaultInjector(Long.parseLong(args[2])))
                : host(DIGEST, Integer.parseInt(args[1]), true);
        ClusterSecret secret = ClusterSecret.fromEnvironment(SECRET_VARIABLE, System.getenv());
        WorkerNode.End end =
                new WorkerNode(setting(Integer.parseInt(args[0]), secret), host, System.out::println).serve();
        System.out.println(end.reason());
        System.exit(end.over() ? 0 : 4);
    }

    /** Starts {@link #main} in a process of its own. */
    static Process start(Path log, int port, int millis, String... more) throws IOException {
        List<String> args = new ArrayList<>(List.of(Integer.toString(port), Integer.toString(millis)));
        args.addAll(List.of(more));
        return start(log, WorkerProgram.class, args);
    }

    /** Starts a program with the secret in a process of its own. */
    public static Process start(Path log, Class<?> program, List<String> args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx96m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                program.getName()));
        command.addAll(args);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(log.toString())));
        builder.environment().put(SECRET_VARIABLE, SECRET);
        return builder.start();
    }

    public static boolean hasJoined(Path log) {
        try {
            return Files.readString(log).contains("joined; ");
        } catch (IOException e) {
            return false;
        }
    }

    public static ClusterSecret secret() {
        return ClusterSecret.fromEnvironment(SECRET_VARIABLE, Map.of(SECRET_VARIABLE, SECRET));
    }

    public static ClusterSetting setting(int learner, ClusterSecret secret) {
        return new ClusterSetting(
                new ClusterAddress("127.0.0.1", 0),
                List.of(new ClusterAddress("127.0.0.1", learner)),
                secret,
                Duration.ofSeconds(60),
                Duration.ofMillis(200),
                Duration.ofSeconds(30));
    }

    /** What a learner offers. */
    public static WorkerTerms terms(int port, int atLeast, WeightsPublisher weights) {
        ClusterSetting setting = new ClusterSetting(
                new ClusterAddress("127.0.0.1", port),
                List.of(),
                secret(),
                Duration.ofSeconds(60),
                Duration.ofMillis(200),
                Duration.ofSeconds(30));
        return new WorkerTerms(setting, "fake", Map.of("model", DIGEST), atLeast, weights);
    }

    public static int freePort() {
        return new ClusterAddress("127.0.0.1", 0).withFreePort().port();
    }

    public static WorkerHost host(String digest, int millis, boolean scores) {
        return (description, log) -> new WorkerHost.SamplingRuntime(
                Map.of("model", digest),
                files -> new FakeEngine() {
                    @Override
                    public void refresh(long newVersion) {
                        super.refresh(FakeWeights.read(files.apply(newVersion)));
                    }

                    @Override
                    protected void before(List<EncodedPrompt> asked) {
                        Rollouts.sleep((long) millis * asked.size());
                    }
                },
                scores
                        ? () -> Rollouts.scorer(
                                answer -> Score.of(answer.text().asString().length()))
                        : null,
                () -> {});
    }

    /** Sampling and scoring go wrong in every way that they can. */
    private static WorkerHost faulty(FaultInjector faults) {
        return (description, log) -> new WorkerHost.SamplingRuntime(
                Map.of("model", DIGEST),
                files -> new FakeEngine() {
                    @Override
                    public void refresh(long newVersion) {
                        super.refresh(FakeWeights.read(files.apply(newVersion)));
                    }

                    @Override
                    public List<List<Completion>> generate(List<EncodedPrompt> asked, int samples, long seedBase) {
                        boolean lies = faults.happens();
                        return super.generate(asked, lies ? samples - 1 : samples, seedBase);
                    }
                },
                () -> Rollouts.all(faults::scores),
                () -> {});
    }

    /** A worker of this process, on a thread of its own. */
    public static final class Inside implements AutoCloseable {
        private final Thread thread;
        private volatile WorkerNode.End end;
        private volatile RuntimeException failure;

        Inside(WorkerNode node) {
            thread = new Thread(
                    () -> {
                        try {
                            end = node.serve();
                        } catch (RuntimeException e) {
                            failure = e;
                        }
                    },
                    "a worker");
            thread.start();
        }

        public static Inside of(int port, WorkerHost host, Consumer<String> log) {
            return new Inside(new WorkerNode(setting(port, secret()), host, log));
        }

        public WorkerNode.End end() throws InterruptedException {
            thread.join(Duration.ofSeconds(90).toMillis());
            if (failure != null) {
                throw failure;
            }
            return end;
        }

        @Override
        public void close() throws InterruptedException {
            thread.interrupt();
            thread.join(Duration.ofSeconds(90).toMillis());
        }
    }
}
