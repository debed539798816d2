package ai.preceptor;

import ai.preceptor.data.Completion;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.generate.Generator;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.rollout.EncodedPrompt;
import ai.preceptor.rollout.GenerationEngine;
import ai.preceptor.rollout.LanguageModelEngine;
import java.util.List;

/**
 * Copies of a student that sample while it learns. Besides theirs there is one copy of the weights as they were last
 * published, so that a generator can be replaced at any time; it is brought up to date when the first generator takes a
 * new version, which is when the learner waits.
 */
final class GeneratorCopies implements AutoCloseable {
    private final Student student;
    private final SamplingOptions sampling;
    private final LanguageModel published;
    private long version;

    /**
     * @param student stays its owner's
     * @param version of its weights now
     * @throws ConfigurationException if it trains an adapter
     */
    GeneratorCopies(Student student, SamplingOptions sampling, long version) {
        if (student.model().trainsAdapter()) {
            throw new ConfigurationException(
                    "generators: expected 0 for a student that trains an adapter, whose copies would lack it");
        }
        this.student = student;
        this.sampling = sampling;
        this.version = version;
        this.published = load(student);
        published.copyWeightsFrom(student.model());
    }

    private static LanguageModel load(Student student) {
        LanguageModel trained = student.model();
        return LanguageModel.load(
                trained.parameters().torch(),
                student.directory(),
                new LoadOptions(trained.parameters().precision(), false));
    }

    /** One more, with the weights that were last published; on the thread that will use it. */
    GenerationEngine open() {
        Torch torch = student.model().parameters().torch();
        torch.bindThread();
        LanguageModel own = load(student);
        copy(own);
        Generator generator = new Generator(own, student.encoder().tokenizer());
        return new Copy(own, new LanguageModelEngine(torch, generator, sampling));
    }

    private synchronized void publish(long newVersion) {
        if (newVersion > version) {
            published.copyWeightsFrom(student.model());
            version = newVersion;
        }
    }

    private synchronized void copy(LanguageModel to) {
        to.copyWeightsFrom(published);
    }

    @Override
    public void close() {
        published.close();
    }

    /** A generator's own model. */
    private final class Copy implements GenerationEngine {
        private final LanguageModel own;
        private final LanguageModelEngine engine;

        Copy(LanguageModel own, LanguageModelEngine engine) {
            this.own = own;
            this.engine = engine;
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
        public void refresh(long newVersion) {
            publish(newVersion);
            copy(own);
        }

        @Override
        public void close() {
            own.close();
        }
    }
}
