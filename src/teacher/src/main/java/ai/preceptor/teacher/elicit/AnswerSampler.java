package ai.preceptor.teacher.elicit;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Prompt;
import java.util.List;

/** Makes answers for a teacher to judge; usually the student that will learn from the verdict. */
@FunctionalInterface
public interface AnswerSampler {

    /**
     * Samples.
     *
     * @param prompts what to answer
     * @param stream number of the batch, from 0; a sampler that draws from a seed mixes it in, so that no two batches draw
     *     the same and a resumed run draws what an uninterrupted one would have
     * @return per prompt its answers, at least one, in the order of the prompts
     */
    List<List<Completion>> sample(List<Prompt> prompts, long stream);
}
