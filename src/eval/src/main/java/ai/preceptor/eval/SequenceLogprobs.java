package ai.preceptor.eval;

import java.util.List;

/** A model as evaluation needs it: how likely are these answers, token by token? */
@FunctionalInterface
public interface SequenceLogprobs {

    /**
     * Log-probabilities of answers, each after its prompt.
     *
     * @param prompts token ids; the i-th belongs to the i-th completion
     * @param completions token ids, at least one each
     * @return per completion its {@code [tokens]} log-probabilities in nats, same order
     */
    List<float[]> logprobs(List<int[]> prompts, List<int[]> completions);
}
