package ai.preceptor.lm;

import java.util.List;

/**
 * What a comparison found at each target, all {@code [targets]}.
 *
 * @param logprobs log-probability of the target under the student at temperature 1, nats
 * @param entropies entropy of the student's distribution at temperature 1, nats
 * @param top1 1 where the target is the student's most probable token, else 0
 * @param divergences one array a term of the comparison, unweighted, nats
 */
@SuppressWarnings("ArrayRecordComponent") // numbers to be summed, compared by nobody
public record ComparedTokens(float[] logprobs, float[] entropies, float[] top1, List<float[]> divergences) {}
