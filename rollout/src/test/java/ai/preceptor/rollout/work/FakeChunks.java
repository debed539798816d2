package ai.preceptor.rollout.work;

import ai.preceptor.rollout.Rollouts;
import ai.preceptor.rollout.actor.ChunkWork;
import ai.preceptor.rollout.cluster.ClusterAddress;
import ai.preceptor.rollout.cluster.ClusterSetting;
import ai.preceptor.rollout.worker.WorkerHost;
import ai.preceptor.rollout.worker.WorkerProgram;
import ai.preceptor.rollout.worker.WorkerTerms;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** A stage whose results are random bytes with the chunk and its input as the seed. */
public class FakeChunks implements ChunkWork {
    static final Map<String, String> DIGESTS = Map.of("model", WorkerProgram.DIGEST, "teacher", "fedcba9876543210");

    private final AtomicLong steps = new AtomicLong();
    private final int millis;

    /** @param millis that a chunk takes */
    FakeChunks(int millis) {
        this.millis = millis;
    }

    @Override
    public byte[] compute(long chunk, byte[] input) {
        for (int i = 0; i < millis; i += 5) {
            Rollouts.sleep(5);
            steps.incrementAndGet();
        }
        return result(chunk, input);
    }

    @Override
    public OptionalLong steps() {
        return OptionalLong.of(steps.get());
    }

    static byte[] result(long chunk, byte[] input) {
        Random random = new Random(31 * chunk + Arrays.hashCode(input));
        byte[] result = new byte[random.nextInt(20_000)];
        random.nextBytes(result);
        return result;
    }

    static byte[] input(long chunk) {
        return ("rows of chunk " + chunk).getBytes(StandardCharsets.UTF_8);
    }

    static Iterator<byte[]> inputs(int count) {
        return IntStream.range(0, count).mapToObj(FakeChunks::input).iterator();
    }

    /** What one process computes. */
    static List<byte[]> expected(int count) {
        return IntStream.range(0, count)
                .mapToObj(chunk -> result(chunk, input(chunk)))
                .toList();
    }

    static WorkerHost host(Supplier<? extends ChunkWork> work) {
        return (description, log) -> new WorkerHost.ChunkRuntime(DIGESTS, work, () -> {});
    }

    static WorkerTerms terms(int port, int atLeast) {
        return terms(port, atLeast, Duration.ofSeconds(60), Duration.ofSeconds(30));
    }

    static WorkerTerms terms(int port, int atLeast, Duration joinTimeout, Duration heartbeatTimeout) {
        return new WorkerTerms(
                new ClusterSetting(
                        new ClusterAddress("127.0.0.1", port),
                        List.of(),
                        WorkerProgram.secret(),
                        joinTimeout,
                        Duration.ofMillis(100),
                        heartbeatTimeout),
                "fake",
                DIGESTS,
                atLeast);
    }
}
