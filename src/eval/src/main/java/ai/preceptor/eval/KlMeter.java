package ai.preceptor.eval;

import ai.preceptor.data.Completion;
import ai.preceptor.lm.text.PromptEncoder;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures how far policies have gone from one reference, by forward passes of both over the same sampled tokens. The
 * log-probabilities recorded while sampling are not used: a generator may compute in another precision than a forward
 * pass,
 * and the difference would be taken for divergence.
 *
 * @param encoder of the policies and the reference
 * @param reference the frozen model
 */
public record KlMeter(PromptEncoder encoder, SequenceLogprobs reference) {

    /**
     * Measures.
     *
     * @param policy the model whose answers these are
     * @param answers sampled from it at temperature 1 from the whole vocabulary, see {@link KlToReference}
     */
    public KlToReference measure(SequenceLogprobs policy, AnswerSet answers) {
        List<int[]> prompts = new ArrayList<>();
        List<int[]> completions = new ArrayList<>();
        for (int i = 0; i < answers.prompts().size(); i++) {
            int[] prompt = encoder.prompt(answers.prompts().get(i));
            for (Completion completion : answers.completions().get(i)) {
                if (completion.length() > 0) {
                    prompts.add(prompt);
                    completions.add(completion.allIds());
                }
            }
        }
        return KlToReference.of(
                spread(answers, policy.logprobs(prompts, completions)),
                spread(answers, reference.logprobs(prompts, completions)));
    }

    /** Puts results back in their places; an answer without tokens has none and is as likely under any model. */
    private static List<List<float[]>> spread(AnswerSet answers, List<float[]> results) {
        List<float[]> all = new ArrayList<>();
        int next = 0;
        for (Completion completion : answers.allCompletions()) {
            all.add(completion.length() > 0 ? completion.ofSampled(results.get(next++)) : new float[0]);
        }
        if (next != results.size()) {
            throw new IllegalStateException(
                    "model: log-probabilities of " + results.size() + " answers, must be of " + next);
        }
        return answers.byPrompt(all);
    }
}
