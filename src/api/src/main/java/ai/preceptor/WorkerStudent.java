package ai.preceptor;

import ai.preceptor.data.Scorer;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.rollout.LanguageModelEngine;
import ai.preceptor.rollout.actor.GenerationEngine;
import ai.preceptor.rollout.worker.WorkerHost;
import ai.preceptor.run.ModelDigest;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A student that samples for a learner in another process, with the weights that the learner has published.
 *
 * @param student loaded as the learner's, or only to be run where all weights are published; closed with the bench
 * @param sampling how the learner wants tokens drawn
 */
public record WorkerStudent(Student student, SamplingOptions sampling) {
    /**
     * As a worker takes it.
     *
     * @param digests of its models
     * @param scorers null for one that does not score
     */
    public WorkerHost.SamplingRuntime bench(Map<String, String> digests, @Nullable Supplier<? extends Scorer> scorers) {
        return new WorkerHost.SamplingRuntime(digests, this::engine, scorers, student::close);
    }

    /** The digest of a model on disk, with the adapter on it if one is given. */
    public static String digest(Path model, @Nullable Path adapter) {
        return ModelDigest.of(model, adapter);
    }

    private GenerationEngine engine(LongFunction<Path> files) {
        return new LanguageModelEngine(
                student.model().parameters().torch(),
                student.loaded().generator(),
                sampling,
                version -> student.model().restore(files.apply(version)),
                () -> {});
    }
}
