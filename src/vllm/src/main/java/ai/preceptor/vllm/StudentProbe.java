package ai.preceptor.vllm;

import java.util.function.Supplier;

/**
 * A text that is measured by the student and by servers.
 *
 * @param ids token ids, at least 2
 * @param logprobs gives the student's log-probabilities of now, of all tokens but the first; called on an engine's thread
 *     while the learner waits
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, compared by nobody
public record StudentProbe(int[] ids, Supplier<float[]> logprobs) {}
