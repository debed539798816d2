package ai.preceptor.rollout.work;

import ai.preceptor.rollout.cluster.ClusterSetting;
import ai.preceptor.rollout.worker.WorkerNode;
import ai.preceptor.rollout.worker.WorkerProgram;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A worker, or an offline stage, in a process of its own. */
public final class ChunkProgram {
    private ChunkProgram() {}

    /** @param args the port, and how many milliseconds a chunk takes; a stage without end where that is missing */
    public static void main(String[] args) {
        int port = Integer.parseInt(args[0]);
        if (args.length == 1) {
            runForEver(port);
            return;
        }
        int millis = Integer.parseInt(args[1]);
        ClusterSetting setting = WorkerProgram.setting(port, WorkerProgram.secret());
        WorkerNode.End end =
                new WorkerNode(setting, FakeChunks.host(() -> new FakeChunks(millis)), System.out::println).serve();
        System.out.println(end.reason());
        System.exit(end.over() ? 0 : 4);
    }

    private static void runForEver(int port) {
        try (WorkerChunks chunks = WorkerChunks.start(
                ChunkPlan.of("generate", 8),
                FakeChunks.terms(port, 2, Duration.ofSeconds(60), Duration.ofMinutes(5)),
                new SimpleMeterRegistry())) {
            chunks.run(Stream.generate(() -> FakeChunks.input(0)).iterator(), result -> System.out.println("taken"));
        }
    }

    static Process worker(Path log, int port, int millis) throws IOException {
        return WorkerProgram.start(log, ChunkProgram.class, List.of(Integer.toString(port), Integer.toString(millis)));
    }

    static Process stage(Path log, int port) throws IOException {
        return WorkerProgram.start(log, ChunkProgram.class, List.of(Integer.toString(port)));
    }
}
