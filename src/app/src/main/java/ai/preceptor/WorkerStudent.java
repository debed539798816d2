package ai.preceptor;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Scorer;
import ai.preceptor.lm.generate.Generator;
import ai.preceptor.rollout.EncodedPrompt;
import ai.preceptor.rollout.GenerationEngine;
import ai.preceptor.rollout.LanguageModelEngine;
import ai.preceptor.rollout.WorkerHost;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A student that samples for a learner in another process, with the weights that the learner has published.
 *
 * @param student loaded as the learner's, or only to be run where all weights are published; closed with the bench
 * @param options those of the learner
 */
public record WorkerStudent(Student student, PolicyOptions options) {
    /**
     * As a worker takes it.
     *
     * @param digests of its models
     * @param scorers null for one that does not score
     */
    public WorkerHost.Bench bench(Map<String, String> digests, @Nullable Supplier<? extends Scorer> scorers) {
        return new WorkerHost.Bench(digests, Engine::new, scorers, student::close);
    }

    /** The digest of a model on disk, with the adapter on it if one is given. */
    public static String digest(Path model, @Nullable Path adapter) {
        return ModelDigest.of(model, adapter);
    }

    private final class Engine implements GenerationEngine {
        private final LongFunction<Path> files;
        private final LanguageModelEngine engine;

        Engine(LongFunction<Path> files) {
            this.files = files;
            this.engine = new LanguageModelEngine(
                    student.model().parameters().torch(),
                    new Generator(student.model(), student.encoder().tokenizer()),
                    options.sampling());
        }

        @Override
        public void start() {
            engine.start();
        }

        @Override
        public List<List<Completion>> generate(List<EncodedPrompt> prompts, int samples, long seedBase) {
            return engine.generate(prompts, samples, seedBase);
        }

        @Override
        public void refresh(long version) {
            student.model().restore(files.apply(version));
        }

        @Override
        public void cancel() {
            engine.cancel();
        }
    }
}
