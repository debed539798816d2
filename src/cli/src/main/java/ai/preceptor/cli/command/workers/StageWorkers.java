package ai.preceptor.cli.command.workers;

import ai.preceptor.cli.keys.cluster.StageWorkerKeys;
import ai.preceptor.rollout.work.ChunkPlan;
import ai.preceptor.rollout.work.WorkerChunks;
import ai.preceptor.rollout.worker.WorkerTerms;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Workers that compute the chunks of a stage. They are waited for when the first chunk is there: not for what is known already. */
public final class StageWorkers<I, O> implements Chunks<I, O>, AutoCloseable {
    private final String stage;
    private final ChunkBytes<I, O> bytes;
    private final StageWorkerKeys cluster;
    private final String description;
    private final Map<String, String> digests;
    private final MeterRegistry registry;
    private final Consumer<String> log;
    private @Nullable WorkerChunks started;

    /**
     * Those of a run. Reads all files of its models, to digest them.
     *
     * @param registry where meters go
     * @param log called with messages for the user
     */
    public <K extends Record> StageWorkers(
            ChunkStage<K, I, O> stage, K keys, StageWorkerKeys cluster, MeterRegistry registry, Consumer<String> log) {
        this.stage = stage.name();
        this.bytes = stage.bytes();
        this.cluster = cluster;
        this.description = StageJob.of(stage.name(), keys).json();
        this.digests = stage.digests(keys);
        this.registry = registry;
        this.log = log;
    }

    @Override
    public void run(Iterator<I> inputs, Consumer<O> results) {
        if (!inputs.hasNext()) {
            return;
        }
        WorkerChunks workers = started;
        if (workers == null) {
            workers = start();
            started = workers;
        }
        workers.run(
                new Iterator<byte[]>() {
                    @Override
                    public boolean hasNext() {
                        return inputs.hasNext();
                    }

                    @Override
                    public byte[] next() {
                        return bytes.input().apply(inputs.next());
                    }
                },
                answer -> results.accept(bytes.result(answer)));
    }

    private WorkerChunks start() {
        int workers = cluster.required().workers();
        log.accept(stage + ": " + cluster.required().listen() + " waits for " + workers
                + (workers == 1 ? " worker" : " workers"));
        // two chunks for each worker keep all of them busy; some more for those that join later
        int window = Math.max(8, 2 * workers);
        return WorkerChunks.start(
                ChunkPlan.of(stage, window),
                new WorkerTerms(cluster.setting(), description, digests, workers),
                registry);
    }

    @Override
    public void close() {
        if (started != null) {
            started.close();
        }
    }
}
