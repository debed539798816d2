package ai.preceptor.teacher.elicit;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Prompt;
import java.util.ArrayList;
import java.util.List;

/** Samples answers for a teacher to judge; usually the student that will be trained on them. */
@FunctionalInterface
public interface AnswerSampler {
    /** Prompts of a batch of {@link #sampleAll}. Fixed, because what is drawn depends on it. */
    int BATCH = 64;

    /**
     * Samples.
     *
     * @param prompts what to answer
     * @param stream number of the batch, from 0; a sampler that draws from a seed mixes it in, so that no two batches draw
     *     the same and a resumed run draws what an uninterrupted one would have
     * @return per prompt its answers, at least one, in the order of the prompts
     */
    List<List<Completion>> sample(List<Prompt> prompts, long stream);

    /**
     * Answers any number of prompts, {@link #BATCH} at a time, each batch with its number as its stream.
     *
     * @param progress also told before the first batch
     * @return per prompt its answers, in the order of the prompts
     */
    default List<List<Completion>> sampleAll(List<Prompt> prompts, PromptProgress progress) {
        List<List<Completion>> answers = new ArrayList<>();
        for (int from = 0; from < prompts.size(); from += BATCH) {
            progress.at(from, prompts.size());
            answers.addAll(sample(prompts.subList(from, Math.min(prompts.size(), from + BATCH)), from / BATCH));
        }
        progress.at(prompts.size(), prompts.size());
        return answers;
    }
}
