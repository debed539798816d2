package ai.preceptor.rollout.worker;

import ai.preceptor.data.Scorer;
import ai.preceptor.rollout.actor.ChunkWork;
import ai.preceptor.rollout.actor.GenerationEngine;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Starts a worker's models from a learner's description. */
public interface WorkerHost {
    /**
     * Starts the models; on the worker's main thread.
     *
     * @param description from {@link WorkerTerms}
     * @param log called with messages for the user
     * @throws ai.preceptor.data.ConfigurationException if this worker cannot do the job
     */
    WorkerHost.WorkerRuntime prepare(String description, Consumer<String> log);

    /** A worker's models for one run. */
    sealed interface WorkerRuntime {
        /** Digests of its models, by the names of {@link WorkerTerms}. */
        Map<String, String> digests();

        /** Frees what the actors do not own, on the main thread. */
        Runnable closing();
    }

    /**
     * Generates with weights that the learner publishes, and may score.
     *
     * @param digests of its models, by the names of {@link WorkerTerms}
     * @param engine makes the engine, on the thread that will use it; the engine loads weights files in {@link
     *     GenerationEngine#refresh}
     * @param scorers makes a scorer on the thread that will use it; null for a worker that does not score
     * @param closing frees everything else, on the main thread
     */
    record SamplingRuntime(
            Map<String, String> digests,
            EngineMaker engine,
            @Nullable Supplier<? extends Scorer> scorers,
            Runnable closing)
            implements WorkerRuntime {}

    /**
     * Computes chunks of an offline stage with the files of its own disk.
     *
     * @param digests of its models, by the names of {@link WorkerTerms}; all of these
     * @param work makes the work, on the thread that will use it
     * @param closing frees everything else, on the main thread
     */
    record ChunkRuntime(Map<String, String> digests, Supplier<? extends ChunkWork> work, Runnable closing)
            implements WorkerRuntime {}

    /** Makes an engine that takes its weights from files. */
    interface EngineMaker {
        /** @param files fetches a version's weights files and gives their directory */
        GenerationEngine open(LongFunction<Path> files);
    }
}
