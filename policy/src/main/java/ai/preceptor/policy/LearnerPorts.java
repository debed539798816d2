package ai.preceptor.policy;

import ai.preceptor.lm.TokenScores;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.policy.credit.GreedyAnswers;
import ai.preceptor.policy.opd.TeacherTerms;
import ai.preceptor.train.reference.Reference;
import ai.preceptor.train.sampling.PolicySampler;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The services a learner depends on.
 *
 * @param sampler where trajectories come from
 * @param reference the frozen reference; null if no KL is asked for
 * @param policy the model in training, to compute the old log-probabilities and entropies with the same kernels as
 *     the new ones; null to trust the log-probabilities that came with the samples
 * @param distillation a teacher whose preferences are added to the advantages; null for none
 * @param values a critic's of a batch's targets, one before each token; null without a critic
 * @param samples receives every sample, before it is learnt from: a row of {@code samples.jsonl}
 * @param nanoClock nanoseconds of a monotonic clock
 * @param greedy greedy answers for baselines; null where nothing is compared with them
 * @param scoring figures of how scoring went so far, see {@link ai.preceptor.data.Scorer#metrics}
 * @param stopping whether a stop was asked for: then no further batch is sampled for a step, which the loop does not make
 */
public record LearnerPorts(
        PolicySampler.Opener sampler,
        Reference.@Nullable FrozenModel reference,
        @Nullable Function<PackedBatch, TokenScores> policy,
        @Nullable TeacherTerms distillation,
        @Nullable Function<PackedBatch, float[]> values,
        Consumer<Map<String, @Nullable Object>> samples,
        LongSupplier nanoClock,
        @Nullable GreedyAnswers greedy,
        Supplier<Map<String, Number>> scoring,
        BooleanSupplier stopping) {

    /** Without figures of scoring, never asked to stop. */
    public LearnerPorts(
            PolicySampler.Opener sampler,
            Reference.@Nullable FrozenModel reference,
            @Nullable Function<PackedBatch, TokenScores> policy,
            @Nullable TeacherTerms distillation,
            @Nullable Function<PackedBatch, float[]> values,
            Consumer<Map<String, @Nullable Object>> samples,
            LongSupplier nanoClock,
            @Nullable GreedyAnswers greedy) {
        this(sampler, reference, policy, distillation, values, samples, nanoClock, greedy, Map::of, () -> false);
    }

    /** Without a teacher of distillation, a critic and greedy answers. */
    public LearnerPorts(
            PolicySampler.Opener sampler,
            Reference.@Nullable FrozenModel reference,
            @Nullable Function<PackedBatch, TokenScores> policy,
            Consumer<Map<String, @Nullable Object>> samples,
            LongSupplier nanoClock) {
        this(sampler, reference, policy, null, null, samples, nanoClock, null);
    }
}
