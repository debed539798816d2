package ai.preceptor.eval;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.lm.text.PromptEncoder;
import java.util.ArrayList;
import java.util.List;

/**
 * How well a model predicts given answers.
 *
 * @param negativeLogLikelihood mean over all completion tokens, nats per token
 * @param tokens completion tokens
 */
public record Perplexity(double negativeLogLikelihood, long tokens) {

    /**
     * Measures.
     *
     * @param model the model
     * @param encoder its encoder
     * @param heldOut answers that no training saw
     * @throws DataException if there is none
     */
    public static Perplexity measure(SequenceLogprobs model, PromptEncoder encoder, List<Demonstration> heldOut) {
        if (heldOut.isEmpty()) {
            throw new DataException("perplexity: 0 held-out answers, must be at least 1");
        }
        List<int[]> prompts = new ArrayList<>();
        List<int[]> completions = new ArrayList<>();
        for (Demonstration row : heldOut) {
            prompts.add(encoder.prompt(row.prompt()));
            completions.add(encoder.completion(row.prompt(), row.completion()));
        }
        double sum = 0;
        long tokens = 0;
        for (float[] logprobs : model.logprobs(prompts, completions)) {
            for (float logprob : logprobs) {
                sum -= logprob;
            }
            tokens += logprobs.length;
        }
        return new Perplexity(sum / tokens, tokens);
    }

    /** {@code exp} of the mean: as unsure as choosing evenly among this many tokens; at least 1. */
    public double value() {
        return Math.exp(negativeLogLikelihood);
    }
}
