package ai.preceptor.cli.keys.training;

import ai.preceptor.PolicyAlgorithm;
import ai.preceptor.PolicyOptions;
import ai.preceptor.PolicyOptionsBuilder;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.RefusedSettingsException;
import ai.preceptor.policy.PolicyParts;
import ai.preceptor.policy.credit.ScaleRewards;
import ai.preceptor.policy.kl.KlPlacement;
import ai.preceptor.policy.loss.PolicyLossType;
import ai.preceptor.rollout.OnStale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How a policy is optimized, under TRL's names; see {@link PolicyOptions} for what each means. */
public record PolicyKeys(
        @Key(
                help = "how advantages are computed from rewards: rloo, grpo, or ppo (without a value model)",
                defaultValue = "rloo")
        PolicyAlgorithm algorithm,

        @Key(help = "how clipped ratios are aggregated; default: rloo; grpo: dapo; ppo: ppo") @Nullable
        PolicyLossType lossType,

        @Key(help = "answers per prompt; default: rloo 2, grpo 8, ppo 1", range = "[1, 65536]") @Nullable
        Integer numGenerations,

        @Key(help = "maximum number of tokens of an answer", defaultValue = "512", range = "[1, inf)")
        int maxCompletionLength,

        @Key(
                help = "sampling temperature; log-probabilities are always at temperature 1",
                defaultValue = "1",
                range = "(0, 1e9)")
        double temperature,

        @Key(help = "coefficient of the KL to the initial policy; default: rloo, ppo 0.05, grpo 0", range = "[0, 1e9)")
        @Nullable
        Double beta,

        @Key(help = "where the KL is applied: k1 in the reward, or k3 in the loss; default: reward, for grpo " + "loss")
        @Nullable
        KlPlacement klPlacement,

        @Key(help = "target KL of an adaptive beta, in nats per answer", range = "(0, 1e9)") @Nullable
        Double klTarget,

        @Key(help = "horizon of an adaptive beta, in answers", defaultValue = "10000", range = "[1, inf)")
        int klHorizon,

        @Key(
                help = "lower clipping bound: ratios below 1 - epsilon are clipped",
                defaultValue = "0.2",
                range = "(0, 1]")
        double epsilon,

        @Key(
                help = "upper clipping bound: ratios above 1 + epsilon_high are clipped; default: epsilon",
                range = "(0, 1e9)")
        @Nullable
        Double epsilonHigh,

        @Key(help = "upper bound of the ratio for negative advantages; default: none", range = "(1, 1e9)") @Nullable
        Double delta,

        @Key(help = "grpo: divisor of the advantages", defaultValue = "group")
        ScaleRewards scaleRewards,

        @Key(
                help = "rloo: whether to normalize advantages over the batch to mean 0 and deviation 1",
                defaultValue = "false")
        boolean normalizeAdvantages,

        @Key(help = "epochs over a batch of answers; default: 1, for ppo 4", range = "[1, inf)") @Nullable
        Integer numIterations,

        @Key(help = "batches of batch_size answers sampled together; default: those of one step", range = "[1, inf)")
        @Nullable
        Integer stepsPerGeneration,

        @Key(help = "maximum age of an answer, in publications of the weights", defaultValue = "0", range = "[0, 1024]")
        int maxStaleness,

        @Key(
                help = "parallel scorers; use 1 for a model on the student's device",
                defaultValue = "1",
                range = "[1, 256]")
        int scorerInstances,

        @Key(
                help = "answers that would exceed max_staleness: wait for them (reproducible to the last "
                        + "token), or drop them and sample again (never waits)",
                defaultValue = "wait")
        OnStale onStale,

        @Key(
                help = "copies of the student that sample in parallel with training; 0: the student itself "
                        + "samples, alternating with training; with cluster, 0 means none",
                defaultValue = "0",
                range = "[0, 64]")
        int generators,

        @Key(
                help = "time limit for scoring the answers to a prompt, in seconds",
                defaultValue = "600",
                range = "(0, 86400]")
        double scorerTimeout,

        @Key(
                help = "seconds without a generation or scoring step, or a worker's heartbeat, after which it "
                        + "is considered lost; must be longer than the longest prompt's prefill",
                defaultValue = "120",
                range = "(0, 86400]")
        double heartbeatTimeout,

        @Key(help = "recompute old log-probabilities instead of using the sampler's; default: only in " + "bfloat16")
        @Nullable
        Boolean recomputeOldLogps)
        implements Checked {

    /** What the library refuses of them. */
    @Override
    public void check(Checks checks) {
        try {
            options();
        } catch (RefusedSettingsException refused) {
            refused.problems().forEach(problem -> checks.refuse(problem.key(), problem.message()));
        }
    }

    /** Answers to each prompt. */
    int generations() {
        return numGenerations == null ? algorithm.options().build().numGenerations() : numGenerations;
    }

    /** As the library takes it. */
    public PolicyOptions options() {
        return options(PolicyParts.NONE);
    }

    /** The same with parts of the user's own. */
    public PolicyOptions options(PolicyParts parts) {
        PolicyOptionsBuilder builder = PolicyOptions.builder(algorithm)
                .maxCompletionLength(maxCompletionLength)
                .temperature(temperature)
                .klHorizon(klHorizon)
                .epsilon(epsilon)
                .scaleRewards(scaleRewards)
                .normalizeAdvantages(normalizeAdvantages)
                .maxStaleness(maxStaleness)
                .scorerInstances(scorerInstances)
                .onStale(onStale)
                .generators(generators)
                .scorerTimeout(ClusterKeys.seconds(scorerTimeout))
                .heartbeatTimeout(ClusterKeys.seconds(heartbeatTimeout));
        builder.parts(parts);
        given(lossType, builder::lossType);
        given(numGenerations, builder::numGenerations);
        given(beta, builder::beta);
        given(klPlacement, builder::klPlacement);
        given(klTarget, builder::klTarget);
        given(epsilonHigh, builder::epsilonHigh);
        given(delta, builder::delta);
        given(numIterations, builder::numIterations);
        given(stepsPerGeneration, builder::stepsPerGeneration);
        given(recomputeOldLogps, builder::recomputeOldLogps);
        return builder.build();
    }

    /** Leaves the algorithm's default where a key was left out. */
    private static <T> void given(@Nullable T value, Consumer<T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }
}
