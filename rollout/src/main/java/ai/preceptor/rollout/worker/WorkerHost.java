package ai.preceptor.rollout.worker;

import ai.preceptor.data.Scorer;
import ai.preceptor.rollout.actor.GenerationEngine;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes of a learner's description what a worker works with. */
public interface WorkerHost {
    /**
     * Starts the models; on the worker's main thread.
     *
     * @param description from {@link WorkerTerms}
     * @param log takes what a person should know
     * @throws ai.preceptor.data.ConfigurationException if this worker cannot do that work
     */
    WorkerHost.WorkerRuntime prepare(String description, Consumer<String> log);

    /**
     * What a worker works with until the run is over.
     *
     * @param digests of its models, under the names that {@link WorkerTerms} has
     * @param engine makes what samples, on the thread that will use it, given where to get the files of a version of the
     *     weights from; what is made takes them in {@link GenerationEngine#refresh}
     * @param scorers makes a scorer on the thread that will use it; null for a worker that does not score
     * @param closing frees all else; on the main thread
     */
    record WorkerRuntime(
            Map<String, String> digests,
            EngineMaker engine,
            @Nullable Supplier<? extends Scorer> scorers,
            Runnable closing) {}

    /** Makes an engine that takes its weights from files. */
    interface EngineMaker {
        /** @param files directory with the files of a version of the weights, fetched when it is asked for */
        GenerationEngine open(LongFunction<Path> files);
    }
}
