package ai.preceptor.run;

import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.engine.Generator;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.rollout.LanguageModelEngine;
import ai.preceptor.rollout.actor.GenerationEngine;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Copies of a student that sample while it learns. Besides theirs there is one copy of the weights as they were last
 * published, which is brought up to date when the first of all takes a new version: that is when the learner waits. It is
 * a model, or files where only an adapter is published or workers of other processes want them.
 */
public final class GeneratorCopies implements AutoCloseable {
    private final LoadedModel student;
    private final SamplingOptions sampling;
    private final LongConsumer publishing;
    private final PublishedCopy published;
    private final @Nullable PublishedWeights files;

    private GeneratorCopies(
            LoadedModel student,
            SamplingOptions sampling,
            LongConsumer publishing,
            PublishedCopy published,
            @Nullable PublishedWeights files) {
        this.student = student;
        this.sampling = sampling;
        this.publishing = publishing;
        this.published = published;
        this.files = files;
    }

    /**
     * Takes the student's weights as they are now.
     *
     * @param student stays its owner's
     * @param version of its weights
     * @param asFiles whether {@link #files} will be asked for
     */
    public static GeneratorCopies of(LoadedModel student, SamplingOptions sampling, long version, boolean asFiles) {
        if (asFiles || student.model().trainsAdapter()) {
            PublishedWeights files = new PublishedWeights(student.model());
            try {
                files.publish(version);
                return new GeneratorCopies(student, sampling, files::publish, files, files);
            } catch (RuntimeException e) {
                files.close();
                throw e;
            }
        }
        LanguageModel copy = load(student);
        try {
            WholeCopy whole = new WholeCopy(student, copy, version);
            return new GeneratorCopies(student, sampling, whole::publish, whole, null);
        } catch (RuntimeException e) {
            copy.close();
            throw e;
        }
    }

    /** The latest publication, for other processes; null if none was requested. */
    @Nullable
    public PublishedWeights files() {
        return files;
    }

    private static LanguageModel load(LoadedModel student) {
        LanguageModel trained = student.model();
        LoadOptions frozen = new LoadOptions(trained.parameters().precision(), false);
        return LanguageModel.load(
                trained.parameters().torch(),
                student.directory(),
                trained.trainsAdapter() ? student.options() : frozen);
    }

    /** One more, with the weights that were last published; on the thread that will use it. */
    public GenerationEngine open() {
        Torch torch = student.torch();
        torch.bindThread();
        LanguageModel own = load(student);
        try {
            published.copyTo(own);
            Generator generator = student.generator(own);
            return new LanguageModelEngine(
                    torch,
                    generator,
                    sampling,
                    version -> {
                        publishing.accept(version);
                        published.copyTo(own);
                    },
                    own::close);
        } catch (RuntimeException e) {
            own.close();
            throw e;
        }
    }

    @Override
    public void close() {
        published.close();
    }

    /** Weights as they were last published, apart from those that learn, so that a generator can be replaced at any time. */
    interface PublishedCopy extends AutoCloseable {
        /** Makes a model's weights equal to these. */
        void copyTo(LanguageModel model);

        @Override
        void close();
    }

    /** A whole model. */
    private static final class WholeCopy implements PublishedCopy {
        private final LoadedModel student;
        private final LanguageModel model;
        private long version;

        WholeCopy(LoadedModel student, LanguageModel model, long version) {
            this.student = student;
            this.model = model;
            this.version = version;
            model.copyWeightsFrom(student.model());
        }

        synchronized void publish(long newVersion) {
            if (newVersion > version) {
                model.copyWeightsFrom(student.model());
                version = newVersion;
            }
        }

        @Override
        public synchronized void copyTo(LanguageModel other) {
            other.copyWeightsFrom(model);
        }

        @Override
        public void close() {
            model.close();
        }
    }
}
