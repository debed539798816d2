package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Trajectory;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.PolicySettingsBuilder;
import ai.preceptor.policy.correction.CorrectionSettings;
import ai.preceptor.policy.sampling.FilterSettings;
import ai.preceptor.run.HeldOutSampler;
import ai.preceptor.run.LoadedModel;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.TrainConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A policy that is sampled with top-p at another temperature is learnt as that policy. */
class PolicyFilterTest {
    @TempDir
    Path folder;

    private static PolicySettingsBuilder filtered() {
        return PolicyRun.options(PolicyAlgorithm.RLOO)
                .temperature(0.7)
                .filter(new FilterSettings(0.8, 0, 0))
                .correction(CorrectionSettings.builder().recomputeOldLogps(true).build());
    }

    /** The learner, and a reference with the same weights, give each token the sampler's probability. */
    @Test
    void optimize_withTopP_learnsThePolicyThatSampled() {
        PolicyRun run = new PolicyRun();
        run.inMemory(PolicyRun.BREVITY, filtered().build(), PolicyRun.config(20).build());
        assertThat(run.column("sampling/sampling_logp_difference/max"))
                .allSatisfy(most -> assertThat(most).isBetween(0.0, 1e-4));
        assertThat(run.column("sampling/importance_sampling_ratio/mean"))
                .allSatisfy(mean -> assertThat(mean).isCloseTo(1, within(1e-3)));
        assertThat(run.column("objective/kl").get(0)).isCloseTo(0, within(1e-4));
        assertThat(run.mean("reward", 15, 20)).isGreaterThan(run.mean("reward", 0, 5) + 5);
    }

    /** Held-out answers are compared with a reference by the KL of the policy that samples, so they need what was kept too. */
    @Test
    void heldOutAnswers_haveSupports() {
        try (Torch torch = Torch.open("cpu", 1);
                LoadedModel student =
                        LoadedModel.load(torch, Golden.dir("tiny-chat"), LoadOptions.FROZEN, Boundary.REFUSE)) {
            SamplingOptions sampling = filtered().build().sampling();
            List<Prompt> prompts = List.of(Prompt.user("Hello"));
            HeldOutSampler sampler = new HeldOutSampler(student, prompts, sampling, PolicyRun.BREVITY, 2, 1);
            for (Trajectory answer : sampler.answers(0, 1)) {
                assertThat(answer.completion().support()).isNotNull();
            }
        }
    }

    /** Stopped within a batch, after its first step of four: the supports of the others are in the checkpoint. */
    @Test
    void resume_withinABatch_equalsTheStraightRun() {
        PolicyOptions options = new PolicyOptions(
                filtered().numIterations(2).stepsPerGeneration(2).build());
        TrainConfig config =
                PolicyRun.config(4).batchSize(16).saveSteps(100).resume(true).build();
        Path straight = folder.resolve("straight");
        Path stopped = folder.resolve("stopped");
        new PolicyRun().in(straight, PolicyRun.BREVITY, options, config);
        PolicyRun first = new PolicyRun().stopAfter(1);
        assertThatThrownBy(() -> first.in(stopped, PolicyRun.BREVITY, options, config))
                .isInstanceOf(InterruptedRunException.class);
        assertThat(stopped.resolve("checkpoints/step-1/policy.jsonl")).content().contains("\"support\":\"");
        new PolicyRun().in(stopped, PolicyRun.BREVITY, options, config);
        for (String file : List.of("metrics.jsonl", "model/model.safetensors", "checkpoints/step-4/policy.jsonl")) {
            assertThat(stopped.resolve(file)).hasSameBinaryContentAs(straight.resolve(file));
        }
    }
}
