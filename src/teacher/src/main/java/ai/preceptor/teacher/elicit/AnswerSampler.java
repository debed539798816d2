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
        sampleEach(prompts, progress, (from, batch) -> answers.addAll(batch));
        return answers;
    }

    /**
     * The same for more prompts than memory has room for.
     *
     * @param prompts may be made again each time they are asked for
     * @param progress also told before the first batch
     * @param answered takes each batch's answers, in order
     */
    default void sampleEach(List<Prompt> prompts, PromptProgress progress, AnsweredBatch answered) {
        for (int from = 0; from < prompts.size(); from += BATCH) {
            progress.at(from, prompts.size());
            List<Prompt> batch = List.copyOf(prompts.subList(from, Math.min(prompts.size(), from + BATCH)));
            answered.accept(from, sample(batch, from / BATCH));
        }
        progress.at(prompts.size(), prompts.size());
    }

    /** Takes the answers to a batch. */
    @FunctionalInterface
    interface AnsweredBatch {
        /**
         * Takes them.
         *
         * @param from place of the batch's first prompt
         * @param answers of each of its prompts
         */
        void accept(int from, List<List<Completion>> answers);
    }
}
