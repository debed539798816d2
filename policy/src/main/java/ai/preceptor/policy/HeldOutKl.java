package ai.preceptor.policy;

import ai.preceptor.data.Trajectory;
import ai.preceptor.policy.kl.KlEstimators;
import ai.preceptor.train.reference.Reference;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * KL of a policy to its reference, estimated on answers.
 *
 * <pre>  sum over t of log pi(y_t) - log pi_ref(y_t)</pre>
 *
 * <p>Unbiased where the policy itself drew the answers. Those of another sampler, such as one with rounded weights, need the
 * policy's own log-probabilities: with the sampler's it would be the KL of the sampler.
 *
 * @param reference gives the frozen reference's log-probabilities
 * @param policy gives the policy's; null where it is the sampler, whose log-probabilities came with the answers
 * @param rowsTogether answers that go through a model together, 1 or more
 */
public record HeldOutKl(Reference.FrozenModel reference, Reference.@Nullable FrozenModel policy, int rowsTogether) {

    /** k1 of each answer, in nats. */
    List<Double> of(List<Trajectory> answers) {
        AnswerLogprobs passes = new AnswerLogprobs(rowsTogether);
        List<float[]> own = policy == null
                ? answers.stream()
                        .map(answer -> answer.completion().samplerLogprobs())
                        .toList()
                : passes.of(answers, policy);
        List<float[]> frozen = passes.of(answers, reference);
        return IntStream.range(0, answers.size())
                .mapToObj(i -> KlEstimators.K1.sum(own.get(i), frozen.get(i)))
                .toList();
    }
}
