package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.Scorer;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.evaluation.HeldOutSettings;
import ai.preceptor.teacher.RuleScorer;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.evaluation.EvaluationSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A policy measured on held-out prompts every second step, and after the third and last. */
class PolicyEvaluationTest {
    private final PolicyOptions options =
            new PolicyOptions(PolicyRun.options(PolicyAlgorithm.RLOO).build());

    private final TrainConfig config = PolicyRun.config(3)
            .batchSize(16)
            .saveSteps(100)
            .resume(true)
            .evaluation(EvaluationSettings.builder().evalSteps(2).build())
            .build();

    private final HeldOutSettings settings =
            HeldOutSettings.builder().numGenerationsEval(2).evalPassScore(-50).build();

    @TempDir
    Path folder;

    /** Six prompts, of which four are answered together. */
    private PolicyRun measured() {
        return new PolicyRun().measuring(6, settings);
    }

    @Test
    void optimize_measured_trainsAsIfItWereNot() throws IOException {
        Path plain = folder.resolve("plain");
        Path measured = folder.resolve("measured");
        new PolicyRun().in(plain, PolicyRun.BREVITY, options, config);
        PolicySummary summary = measured().in(measured, PolicyRun.BREVITY, options, config);
        for (String file : List.of("samples.jsonl", "model/model.safetensors", "checkpoints/step-3/policy.jsonl")) {
            assertThat(measured.resolve(file)).hasSameBinaryContentAs(plain.resolve(file));
        }
        List<String> lines = Files.readAllLines(measured.resolve("metrics.jsonl"));
        assertThat(lines.stream().filter(line -> !line.contains("eval_")))
                .containsExactlyElementsOf(Files.readAllLines(plain.resolve("metrics.jsonl")));
        assertThat(lines.stream().filter(line -> line.contains("eval_")))
                .hasSize(2)
                .allMatch(line -> line.contains("\"eval_pass@1\":") && line.contains("\"eval_best@2\":"));
        assertThat(lines.get(2)).startsWith("{\"step\":2,\"eval_reward\":");
        assertThat(summary.row()).containsKeys("eval_reward", "eval_objective/kl", "eval_completions/mean_length");
        assertThat(summary.counts().samples()).as("of training").isEqualTo(48);
    }

    /** The stop is asked for while the first four prompts are scored: step 2 is saved, and measured by the resumed run. */
    @Test
    void optimize_stoppedWhileMeasuring_equalsTheStraightRun() {
        Path straight = folder.resolve("straight");
        Path stopped = folder.resolve("stopped");
        measured().in(straight, PolicyRun.BREVITY, options, config);
        PolicyRun first = measured();
        AtomicInteger calls = new AtomicInteger();
        Scorer stopping = new RuleScorer("brevity", answer -> {
            if (calls.incrementAndGet() == 2 * 16 + 1) {
                first.stop();
            }
            return -answer.text().asString().length();
        });
        assertThatThrownBy(() -> first.in(stopped, stopping, options, config))
                .isInstanceOf(InterruptedRunException.class)
                .hasMessageContaining("after step 2");
        assertThat(calls).as("four of the six prompts").hasValue(2 * 16 + 4 * 2);
        AtomicInteger resumed = new AtomicInteger();
        Scorer counting = new RuleScorer("brevity", answer -> {
            resumed.incrementAndGet();
            return -answer.text().asString().length();
        });
        measured().in(stopped, counting, options, config);
        assertThat(resumed).as("two evaluations and a step").hasValue(6 * 2 + 16 + 6 * 2);
        for (String file : List.of("metrics.jsonl", "samples.jsonl", "model/model.safetensors")) {
            assertThat(stopped.resolve(file)).hasSameBinaryContentAs(straight.resolve(file));
        }
        AtomicInteger again = new AtomicInteger();
        measured().in(stopped, new RuleScorer("brevity", answer -> again.incrementAndGet()), options, config);
        assertThat(again).as("what was measured is not measured again").hasValue(0);
    }
}
