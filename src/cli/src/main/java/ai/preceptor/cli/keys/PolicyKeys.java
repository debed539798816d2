package ai.preceptor.cli.keys;

import ai.preceptor.PolicyAlgorithm;
import ai.preceptor.PolicyOptions;
import ai.preceptor.PolicyOptionsBuilder;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.policy.KlPlacement;
import ai.preceptor.policy.PolicyLossType;
import ai.preceptor.policy.ScaleRewards;
import ai.preceptor.rollout.OnStale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How a policy is optimized, under TRL's names; see {@link PolicyOptions} for what each means. */
public record PolicyKeys(
        @Key(help = "what makes advantages of rewards: rloo, grpo, or ppo (without a value model)", standard = "rloo")
        PolicyAlgorithm algorithm,

        @Key(help = "how clipped ratios add up; if left out rloo, grpo: dapo, ppo") @Nullable
        PolicyLossType lossType,

        @Key(help = "answers to each prompt; if left out rloo 2, grpo 8, ppo 1", range = "[1, 65536]") @Nullable
        Integer numGenerations,

        @Key(help = "most tokens of an answer", standard = "512", range = "[1, inf)")
        int maxCompletionLength,

        @Key(help = "of sampling; log-probabilities are always those of 1", standard = "1", range = "(0, 1e9)")
        double temperature,

        @Key(help = "coefficient of the KL to the start; if left out rloo, ppo 0.05, grpo 0", range = "[0, 1e9)")
        @Nullable
        Double beta,

        @Key(help = "where that KL is: k1 in the reward, or k3 in the loss; if left out reward, grpo: loss") @Nullable
        KlPlacement klPlacement,

        @Key(help = "KL in nats per answer that an adaptive beta aims at", range = "(0, 1e9)") @Nullable
        Double klTarget,

        @Key(help = "answers over which an adaptive beta corrects itself", standard = "10000", range = "[1, inf)")
        int klHorizon,

        @Key(help = "how far a ratio may fall before it is clipped", standard = "0.2", range = "(0, 1]")
        double epsilon,

        @Key(help = "how far it may rise; epsilon if left out", range = "(0, 1e9)") @Nullable
        Double epsilonHigh,

        @Key(help = "largest ratio that counts for a worse answer; none if left out", range = "(1, 1e9)") @Nullable
        Double delta,

        @Key(help = "grpo: what advantages are divided by", standard = "group")
        ScaleRewards scaleRewards,

        @Key(help = "rloo: whether advantages are shifted and scaled over the batch", standard = "false")
        boolean normalizeAdvantages,

        @Key(help = "passes over a batch of answers; if left out 1, ppo 4", range = "[1, inf)") @Nullable
        Integer numIterations,

        @Key(help = "batches of batch_size answers sampled at once; those of a step if left out", range = "[1, inf)")
        @Nullable
        Integer stepsPerGeneration,

        @Key(help = "publications that an answer may lie behind", standard = "0", range = "[0, 1024]")
        int maxStaleness,

        @Key(help = "scorers side by side; a model on the student's device wants 1", standard = "1", range = "[1, 256]")
        int scorerInstances,

        @Key(
                help = "answers that would grow too old: waited for (a run repeats to the last token), or dropped and"
                        + " sampled anew (never waits)",
                standard = "wait")
        OnStale onStale,

        @Key(
                help = "copies of the student that sample beside learning; 0 for the student itself, in turns with"
                        + " it, or for none with cluster",
                standard = "0",
                range = "[0, 64]")
        int generators,

        @Key(help = "seconds that scoring the answers to a prompt may take", standard = "600", range = "(0, 86400]")
        double scorerTimeout,

        @Key(
                help =
                        "seconds without a step of generation or scoring, or a sign of life of a worker, after which it is"
                                + " taken as lost; more than the longest prompt's prefill takes",
                standard = "120",
                range = "(0, 86400]")
        double heartbeatTimeout,

        @Key(help = "compute old log-probabilities anew, not by the sampler; if left out only in bfloat16") @Nullable
        Boolean recomputeOldLogps)
        implements Checked {

    @Override
    public void check(Checks checks) {
        if (numGenerations != null && numGenerations < 2 && algorithm != PolicyAlgorithm.PPO) {
            checks.refuse(
                    "num_generations",
                    "expected 2 or more, since answers to a prompt are compared, found " + numGenerations);
        }
        double high = epsilonHigh == null ? epsilon : epsilonHigh;
        if (delta != null && !(delta > 1 + high)) {
            checks.refuse("delta", "expected more than 1 + epsilon_high = " + (1 + high) + ", found " + delta);
        }
        if (klTarget != null && !(beta(algorithm) > 0)) {
            checks.refuse("kl_target", "expected nothing where beta is 0, found " + klTarget);
        }
    }

    private double beta(PolicyAlgorithm of) {
        return beta == null ? of.options().build().beta() : beta;
    }

    /** Answers to each prompt. */
    int generations() {
        return numGenerations == null ? algorithm.options().build().numGenerations() : numGenerations;
    }

    /** As the library takes it. */
    public PolicyOptions options() {
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
