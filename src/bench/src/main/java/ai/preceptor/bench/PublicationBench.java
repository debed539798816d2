package ai.preceptor.bench;

import ai.preceptor.data.Completion;
import ai.preceptor.rollout.Engines;
import ai.preceptor.rollout.RolloutPlan;
import ai.preceptor.rollout.VertxRollouts;
import ai.preceptor.rollout.actor.DeviceLease;
import ai.preceptor.rollout.actor.GenerationEngine;
import ai.preceptor.rollout.cluster.ClusterAddress;
import ai.preceptor.rollout.cluster.ClusterSecret;
import ai.preceptor.rollout.cluster.ClusterSetting;
import ai.preceptor.rollout.cluster.ClusterTls;
import ai.preceptor.rollout.cluster.LearnerPort;
import ai.preceptor.rollout.cluster.SecureSocket;
import ai.preceptor.rollout.message.EncodedPrompt;
import ai.preceptor.rollout.worker.WeightsPublisher;
import ai.preceptor.rollout.worker.WorkerHost;
import ai.preceptor.rollout.worker.WorkerNode;
import ai.preceptor.rollout.worker.WorkerTerms;
import ai.preceptor.teacher.RuleScorer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongFunction;

/**
 * The speed at which weights reach workers: a publication to worker processes on this machine, and the same bytes to as many
 * processes over connections that are only encrypted, and over plain ones, alternated so that other load affects all. The
 * workers check the digests and write the files; the other receivers discard what they read.
 *
 * <pre>
 * java -cp ... ai.preceptor.bench.PublicationBench [mb=540] [workers=2] [rounds=9] [java="-Xmx512m"]
 * </pre>
 */
public final class PublicationBench {
    private static final int WARM_UP = 2;
    private static final int BUFFER = 1 << 18;
    private static final int MEGA = 1_000_000;
    private static final String DIGEST = "0123456789abcdef";

    private PublicationBench() {}

    /** What one round took: seconds, and seconds of processor time of all processes. */
    private record Cost(double seconds, double processor) {}

    /** Runs the benchmark, or one of its processes. */
    public static void main(String[] words) throws Exception {
        Arguments arguments = new Arguments(words);
        int port = arguments.number("port", 0);
        switch (arguments.text("role", "learner")) {
            case "worker" -> work(port);
            case "receiver" -> receive(port);
            case "encrypted" -> receiveEncrypted(port);
            default -> measure(arguments);
        }
    }

    private static void measure(Arguments arguments) throws Exception {
        int count = arguments.number("workers", 2);
        long bytes = (long) arguments.number("mb", 540) * MEGA;
        String options = arguments.text("java", "-Xmx512m");
        Path directory = Files.createTempDirectory("publication-bench-");
        Path weights = directory.resolve("model.safetensors");
        List<Process> processes = new ArrayList<>();
        ExecutorService senders = Executors.newFixedThreadPool(count);
        try (ServerSocketChannel server =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                LearnerPort encryptedPort = LearnerPort.bind(setting(0))) {
            BlockingQueue<SecureSocket> arrivals = new LinkedBlockingQueue<>();
            encryptedPort.open(arrivals::add);
            write(weights, bytes);
            int cluster = new ClusterAddress("127.0.0.1", 0).withFreePort().port();
            for (int i = 0; i < count; i++) {
                processes.add(start("worker", cluster, options));
                processes.add(start("receiver", server.socket().getLocalPort(), options));
                processes.add(start("encrypted", encryptedPort.address().port(), options));
            }
            List<Sending> toPlain = new ArrayList<>();
            List<Sending> toEncrypted = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                SocketChannel receiver = server.accept();
                toPlain.add(() -> send(weights, receiver));
                SecureSocket encrypted = arrivals.take();
                toEncrypted.add(() -> send(weights, encrypted));
            }
            WorkerTerms terms =
                    new WorkerTerms(setting(cluster), "", Map.of("model", DIGEST), count, new Ready(directory));
            List<Cost> published = new ArrayList<>();
            List<Cost> encrypted = new ArrayList<>();
            List<Cost> plain = new ArrayList<>();
            try (VertxRollouts learner = VertxRollouts.builder(
                            RolloutPlan.builder().seed(1).build())
                    .prompts(index -> Optional.empty())
                    .encoder(prompt -> new int[] {1})
                    .engines(Engines.several(0, version -> {
                        throw new IllegalStateException("only workers generate");
                    }))
                    .scorers(() -> new RuleScorer("nothing", answer -> 0))
                    .lease(DeviceLease.separate())
                    .workers(terms)
                    .build()
                    .start()) {
                for (int round = 1; round <= arguments.number("rounds", 9); round++) {
                    long version = round;
                    published.add(cost(processes, () -> learner.publish(version)));
                    encrypted.add(cost(processes, () -> all(toEncrypted, senders)));
                    plain.add(cost(processes, () -> all(toPlain, senders)));
                }
            }
            print(bytes, count, published, encrypted, plain);
        } finally {
            processes.forEach(Process::destroy);
            senders.shutdown();
            Files.deleteIfExists(weights);
            Files.deleteIfExists(directory);
        }
    }

    private static void print(long bytes, int count, List<Cost> published, List<Cost> encrypted, List<Cost> plain)
            throws IOException {
        Cost whole = median(published);
        Cost coded = median(encrypted);
        Cost bare = median(plain);
        System.out.printf(
                Locale.ROOT,
                "{\"run\": \"publication\", \"processor\": \"%s\", \"cores\": %d, \"mb\": %d, \"workers\": %d,"
                        + " \"rounds\": %d, \"publication_s\": %.3f, \"encrypted_s\": %.3f, \"plain_s\": %.3f,"
                        + " \"publication_cpu_s\": %.2f, \"encrypted_cpu_s\": %.2f, \"plain_cpu_s\": %.2f,"
                        + " \"speed_to_plain\": %.3f, \"speed_to_encrypted\": %.3f, \"cpu_to_plain\": %.3f,"
                        + " \"cpu_to_encrypted\": %.3f}%n",
                processorName(),
                Runtime.getRuntime().availableProcessors(),
                bytes / MEGA,
                count,
                published.size(),
                whole.seconds(),
                coded.seconds(),
                bare.seconds(),
                whole.processor(),
                coded.processor(),
                bare.processor(),
                bare.seconds() / whole.seconds(),
                coded.seconds() / whole.seconds(),
                bare.processor() / whole.processor(),
                coded.processor() / whole.processor());
    }

    private static Cost median(List<Cost> costs) {
        return new Cost(
                Medians.steady(costs.stream().map(Cost::seconds).toList(), WARM_UP),
                Medians.steady(costs.stream().map(Cost::processor).toList(), WARM_UP));
    }

    private static String processorName() throws IOException {
        Path file = Path.of("/proc/cpuinfo");
        if (!Files.exists(file)) {
            return System.getProperty("os.arch");
        }
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }

    /** Weights are not compressible. */
    private static void write(Path file, long bytes) throws IOException {
        Random random = new Random(1);
        byte[] part = new byte[MEGA];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long written = 0; written < bytes; written += part.length) {
                random.nextBytes(part);
                out.write(part);
            }
        }
    }

    private static Process start(String role, int port, String options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of(PublicationBench.class.getName(), "role=" + role, "port=" + port));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static Cost cost(List<Process> processes, Callable<?> what) throws Exception {
        Duration processor = processorTime(processes);
        long began = System.nanoTime();
        what.call();
        double seconds = (System.nanoTime() - began) * 1e-9;
        return new Cost(seconds, processorTime(processes).minus(processor).toMillis() * 1e-3);
    }

    private static Cost cost(List<Process> processes, Runnable what) throws Exception {
        return cost(processes, Executors.callable(what));
    }

    private static Duration processorTime(List<Process> processes) {
        Duration all = ProcessHandle.current().info().totalCpuDuration().orElseThrow();
        for (Process one : processes) {
            all = all.plus(one.info().totalCpuDuration().orElseThrow());
        }
        return all;
    }

    private static ClusterSetting setting(int port) {
        return new ClusterSetting(
                new ClusterAddress("127.0.0.1", port),
                List.of(new ClusterAddress("127.0.0.1", port)),
                ClusterSecret.fromEnvironment("X", Map.of("X", "of this benchmark only")),
                Duration.ofMinutes(10),
                Duration.ofSeconds(1),
                Duration.ofMinutes(2));
    }

    /** The files are there: what is measured is how they travel. */
    private record Ready(Path directory) implements WeightsPublisher {
        @Override
        public Path publish(long version) {
            return directory;
        }

        @Override
        public void close() {}
    }

    private static void work(int port) {
        WorkerHost host = (description, log) ->
                new WorkerHost.SamplingRuntime(Map.of("model", DIGEST), Fetching::new, null, () -> {});
        new WorkerNode(setting(port), host, line -> {}).serve();
    }

    /** Takes weights, and nothing else. */
    private record Fetching(LongFunction<Path> files) implements GenerationEngine {
        @Override
        public List<List<Completion>> generate(List<EncodedPrompt> prompts, int samples, long seedBase) {
            throw new IllegalStateException("there are no prompts");
        }

        @Override
        public void refresh(long version) {
            files.apply(version);
        }
    }

    /** Sends the file to one receiver. */
    private interface Sending {
        void send() throws IOException;
    }

    private static Object all(List<Sending> sendings, ExecutorService senders) throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (Sending one : sendings) {
            all.add(senders.submit(() -> {
                one.send();
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        return all;
    }

    private static void send(Path file, SecureSocket to) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (InputStream from = Files.newInputStream(file)) {
            DataOutputStream out = new DataOutputStream(to.encrypted().getOutputStream());
            out.writeLong(Files.size(file));
            for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                out.write(buffer, 0, count);
            }
            out.flush();
        }
        to.encrypted().getInputStream().read();
    }

    private static void receiveEncrypted(int port) throws IOException {
        ClusterSetting setting = setting(port);
        SecureSocket from = SecureSocket.connect(
                new ClusterTls(setting.secret()),
                new ClusterAddress("127.0.0.1", 0),
                setting.listen(),
                setting.joinTimeout(),
                setting.joinTimeout());
        byte[] buffer = new byte[BUFFER];
        DataInputStream in = new DataInputStream(from.encrypted().getInputStream());
        while (true) {
            long left;
            try {
                left = in.readLong();
            } catch (IOException e) {
                return; // the benchmark is over
            }
            while (left > 0) {
                left -= in.read(buffer, 0, (int) Math.min(buffer.length, left));
            }
            from.encrypted().getOutputStream().write(0);
        }
    }

    /** The length, then the bytes; a byte comes back when all have been read. */
    private static void send(Path file, SocketChannel to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        try (FileChannel from = FileChannel.open(file)) {
            drain(buffer.putLong(from.size()).flip(), to);
            for (buffer.clear(); from.read(buffer) >= 0; buffer.clear()) {
                drain(buffer.flip(), to);
            }
        }
        buffer.clear().limit(1);
        to.read(buffer);
    }

    private static void drain(ByteBuffer buffer, SocketChannel to) throws IOException {
        while (buffer.hasRemaining()) {
            to.write(buffer);
        }
    }

    private static void receive(int port) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        try (SocketChannel from = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            while (true) {
                buffer.clear().limit(Long.BYTES);
                while (buffer.hasRemaining()) {
                    if (from.read(buffer) < 0) {
                        return;
                    }
                }
                long left = buffer.flip().getLong();
                while (left > 0) {
                    buffer.clear().limit((int) Math.min(buffer.capacity(), left));
                    left -= from.read(buffer);
                }
                from.write(ByteBuffer.wrap(new byte[1]));
            }
        }
    }
}
