package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.Scorer;
import ai.preceptor.formats.config.LoraConfig;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.PolicyParts;
import ai.preceptor.policy.PolicySettingsBuilder;
import ai.preceptor.policy.critic.CriticSettings;
import ai.preceptor.policy.critic.CriticSettingsBuilder;
import ai.preceptor.policy.critic.TableCritic;
import ai.preceptor.rollout.RolloutSettings;
import ai.preceptor.teacher.RuleScorer;
import ai.preceptor.testkit.MetricsPage;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.run.RunStore;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PPO with a critic on the tiny model. */
class PpoTest {
    private final PolicyRun run = new PolicyRun();

    @TempDir
    Path folder;

    private static PolicySettingsBuilder ppo(CriticSettingsBuilder critic) {
        return PolicyRun.options(PolicyAlgorithm.PPO)
                .numGenerations(1)
                .numIterations(2)
                .critic(critic.build());
    }

    /** Short answers are good ones; rewards are about -1, so that a critic comes to know them in a few steps. */
    private static final Scorer BREVITY =
            new RuleScorer("brevity", answer -> -answer.text().asString().length() / 40.0);

    private static CriticSettingsBuilder critic() {
        return CriticSettings.builder().valueLearningRate(1e-3).numMiniBatches(2);
    }

    /** Two passes over a batch of two steps: four steps a batch. The critic comes to know what an answer is worth. */
    @Test
    void optimize_ppo_raisesTheReward_andTheCriticLearns() {
        run.inMemory(
                BREVITY,
                ppo(critic().lam(1)).build(),
                PolicyRun.config(40).batchSize(16).gradientAccumulationSteps(2).build());
        List<Double> rewards = run.column("reward");
        for (int step = 0; step < 40; step++) {
            assertThat(rewards.get(step) != null)
                    .as("a batch begins at step " + step)
                    .isEqualTo(step % 4 == 0);
        }
        assertThat(rewards.get(36)).isGreaterThan(rewards.get(0) + 0.1);
        List<Double> losses = run.column("loss/value_avg");
        assertThat(losses).doesNotContainNull();
        assertThat(losses.get(39)).isLessThan(losses.get(0) / 2);
        assertThat(run.column("val/explained_variance").get(0)).as("it says 0").isZero();
        assertThat(run.steps).allSatisfy(step -> {
            assertThat(step.metrics().get("loss/policy_avg")).isCloseTo(step.loss(), within(1e-9));
            assertThat(step.metrics().get("policy/clipfrac_avg"))
                    .isCloseTo(step.metrics().get("clip_ratio/region_mean"), within(1e-9));
            assertThat(step.metrics().get("value_grad_norm")).isPositive();
        });
        assertThat(run.column("val/ratio").get(0)).isCloseTo(1, within(1e-4));
        assertThat(run.column("val/ratio").get(3)).isNotEqualTo(1);
        assertThat(run.column("objective/rlhf_reward").get(4))
                .isCloseTo(
                        run.column("objective/scores").get(4)
                                + run.column("objective/non_score_reward").get(4),
                        within(1e-9));
        MetricsPage.requireDocumented(run.steps.get(0).metrics().keySet().stream()
                .map(name -> name.replace("rule:brevity", "NAME"))
                .toList());
    }

    /** Stopped between batches, within one and within the warm-up; the critic is an adapter where the student is. */
    @ParameterizedTest
    @CsvSource({"3, false", "4, false", "6, false", "5, true"})
    void resume_equalsTheStraightRun(int step, boolean adapter) {
        LoadOptions load = adapter ? LoadOptions.TRAINED.withLora(LoraConfig.of(4, 8), 3) : LoadOptions.TRAINED;
        PolicyOptions options = new PolicyOptions(ppo(critic().criticWarmup(5)).build());
        TrainConfig config = PolicyRun.config(9)
                .batchSize(8)
                .learningRate(adapter ? 1e-2 : 1e-3)
                .saveSteps(100)
                .resume(true)
                .build();
        Path straight = folder.resolve("straight");
        Path stopped = folder.resolve("stopped");
        new PolicyRun().loaded(load).in(straight, BREVITY, options, config);
        PolicyRun first = new PolicyRun().loaded(load).stopAfter(step);
        assertThatThrownBy(() -> first.in(stopped, BREVITY, options, config))
                .isInstanceOf(InterruptedRunException.class);
        new PolicyRun().loaded(load).in(stopped, BREVITY, options, config);
        String weights = adapter ? "adapter_model.safetensors" : "model.safetensors";
        for (String file : List.of(
                "metrics.jsonl",
                "samples.jsonl",
                "model/" + weights,
                "checkpoints/step-9/policy.jsonl",
                "checkpoints/step-9/critic/" + weights,
                "checkpoints/step-9/critic/optimizer.safetensors")) {
            assertThat(stopped.resolve(file)).hasSameBinaryContentAs(straight.resolve(file));
        }
        assertThat(straight.resolve("model/critic")).doesNotExist();
    }

    /** Matrix products of both models in bfloat16, weights and moments in float32. */
    @Test
    void optimize_bfloat16_trainsBoth() {
        PolicyOptions options = new PolicyOptions(ppo(critic()).build());
        run.run(BREVITY, options, PolicyRun.config(4).batchSize(8).build(), Precision.BFLOAT16, RunStore.none());
        assertThat(run.column("value_grad_norm")).allMatch(norm -> norm > 0 && norm < 100);
        assertThat(run.column("val/ratio").get(0)).isCloseTo(1, within(0.02));
        assertThat(run.column("loss/value_avg").get(2))
                .as("the same answers again")
                .isLessThan(run.column("loss/value_avg").get(0));
    }

    /** A critic of the caller's own is trained as the value model is, and closed. */
    @Test
    void optimize_ownCritic_isTrained() {
        TableCritic own = new TableCritic(512);
        PolicyOptions options =
                new PolicyOptions(ppo(critic().valueLearningRate(20)).build());
        run.inMemory(
                BREVITY,
                options.with(PolicyParts.NONE.with(student -> own)),
                PolicyRun.config(8).batchSize(16).build());
        assertThat(own.steps()).isEqualTo(8);
        assertThat(own.isClosed()).isTrue();
        assertThat(run.column("loss/value_avg").get(2))
                .as("the same answers again")
                .isLessThan(run.column("loss/value_avg").get(0));
    }

    @Test
    void optimize_impossibleSettings_areRefused() {
        assertThatThrownBy(() -> new PolicyOptions(
                        PolicyOptions.rloo().policy(),
                        RolloutSettings.defaults(),
                        PolicyParts.NONE.with(student -> new TableCritic(3))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("algorithm: expected ppo with a critic of one's own, found rloo");
        assertThatThrownBy(() -> CriticSettings.builder().gamma(2).lam(-1).build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "gamma: expected a number in [0, 1], found 2.0; lam: expected a number in [0, 1], found -1.0");
        assertThat(PolicyOptions.ppo().policy().hasCritic()).isTrue();
    }
}
