package ai.preceptor.run;

import ai.preceptor.lm.LanguageModel;

/** Weights as they were last published, apart from those that learn, so that a generator can be replaced at any time. */
public interface PublishedCopy extends AutoCloseable {
    /** Makes a model's weights equal to these. */
    void copyTo(LanguageModel model);

    @Override
    void close();
}
