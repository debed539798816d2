package ai.preceptor.teacher.elicit;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import java.util.ArrayList;
import java.util.List;

/** Where answers come from before anybody has scored them: a sampler, or what several students gave earlier. */
@FunctionalInterface
interface Drafts {

    /**
     * Answers without scores.
     *
     * @param prompts a batch
     * @param stream its number, from 0
     * @return one per prompt, in order
     */
    List<Elicited> of(List<Prompt> prompts, long stream);

    /** What a sampler gives. */
    static Drafts sampled(AnswerSampler sampler) {
        return (prompts, stream) -> {
            List<List<Completion>> sampled = sampler.sample(prompts, stream);
            if (sampled.size() != prompts.size()) {
                throw new IllegalStateException("sampler: answers to " + sampled.size()
                        + " prompts, must be one list per prompt: " + prompts.size());
            }
            List<Elicited> drafts = new ArrayList<>();
            for (int i = 0; i < prompts.size(); i++) {
                drafts.add(new Elicited(
                        prompts.get(i),
                        sampled.get(i).stream().map(Drafts::unscored).toList()));
            }
            return drafts;
        };
    }

    private static ScoredAnswer unscored(Completion completion) {
        return new ScoredAnswer(
                completion.text(),
                completion.finishReason() == FinishReason.STOP,
                Score.unscored(completion.text().isBlank() ? "empty answer" : "the teacher was not asked"));
    }
}
