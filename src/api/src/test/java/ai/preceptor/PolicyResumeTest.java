package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Answer;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.kl.KlSettings;
import ai.preceptor.teacher.RuleScorer;
import ai.preceptor.train.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A policy run that was stopped and went on equals one that was not, to the last bit. */
class PolicyResumeTest {
    /** Two passes over batches of two steps each; beta follows the KL. */
    private final PolicyOptions options = new PolicyOptions(PolicyRun.options(PolicyAlgorithm.RLOO)
            .numIterations(2)
            .stepsPerGeneration(2)
            .kl(KlSettings.builder().klTarget(1.0).klHorizon(64).build())
            .build());

    private final TrainConfig config =
            PolicyRun.config(9).batchSize(16).saveSteps(100).resume(true).build();

    @TempDir
    Path folder;

    private Path straight;
    private Path stopped;

    @BeforeEach
    void runStraight() {
        straight = folder.resolve("straight");
        stopped = folder.resolve("stopped");
        new PolicyRun().in(straight, PolicyRun.BREVITY, options, config);
    }

    /** After 4 steps a batch is done and nothing of the next is sampled; 6 and 7 lie within that one. */
    @ParameterizedTest
    @CsvSource({"1, 64", "4, 64", "6, 32", "7, 32"})
    void resume_stoppedAfterAStep_equalsTheStraightRun(int step, int sampledAnew) {
        PolicyRun first = new PolicyRun().stopAfter(step);
        assertThatThrownBy(() -> first.in(stopped, PolicyRun.BREVITY, options, config))
                .isInstanceOf(InterruptedRunException.class);
        PolicyRun second = new PolicyRun();
        second.in(stopped, PolicyRun.BREVITY, options, config);
        assertThat(first.steps).hasSize(step);
        assertThat(second.steps).hasSize(9 - step);
        assertThat(second.samples).hasSize(sampledAnew);
        assertSameFiles();
    }

    /** Ctrl-C while the second batch is scored: the step that would have learnt from it was never made. */
    @Test
    void resume_stoppedWhileSampling_equalsTheStraightRun() {
        PolicyRun first = new PolicyRun();
        AtomicInteger calls = new AtomicInteger();
        Scorer stopping = new RuleScorer("brevity", answer -> {
            if (calls.incrementAndGet() == 40) {
                first.stop();
            }
            return -answer.text().asString().length();
        });
        assertThatThrownBy(() -> first.in(stopped, stopping, options, config))
                .isInstanceOf(InterruptedRunException.class)
                .hasMessageContaining("after step 4");
        assertThat(first.samples).hasSize(64);
        new PolicyRun().in(stopped, PolicyRun.BREVITY, options, config);
        assertSameFiles();
    }

    /** A judge that is gone for good ends the run, which goes on when it is back. */
    @Test
    void resume_scorerFailedForGood_equalsTheStraightRun() {
        AtomicInteger calls = new AtomicInteger();
        Scorer mortal = new RuleScorer("brevity", answer -> {
            if (calls.incrementAndGet() > 40) {
                throw new IllegalStateException("gone");
            }
            return -answer.text().asString().length();
        });
        Scorer ending = new EndsForGood(mortal);
        assertThatThrownBy(() -> new PolicyRun().in(stopped, ending, options, config))
                .isInstanceOf(TeacherException.class)
                .hasMessageContaining("gone");
        assertThat(stopped.resolve("checkpoints/step-4")).exists();
        new PolicyRun().in(stopped, PolicyRun.BREVITY, options, config);
        assertSameFiles();
    }

    private void assertSameFiles() {
        for (String file : List.of(
                "metrics.jsonl", "samples.jsonl", "model/model.safetensors", "checkpoints/step-9/policy.jsonl")) {
            assertThat(stopped.resolve(file)).hasSameBinaryContentAs(straight.resolve(file));
        }
    }

    /** Turns a scorer's failure into one that ends the run. */
    private record EndsForGood(Scorer scorer) implements Scorer {
        @Override
        public String name() {
            return scorer.name();
        }

        @Override
        public List<Score> score(List<Answer> answers) {
            try {
                return scorer.score(answers);
            } catch (ScorerException e) {
                throw new TeacherException("the judge is gone", e);
            }
        }
    }

    /** The prompts are part of what the run is. */
    @Test
    void checkpoint_holdsTheBatchAndWhereItCameFrom() throws IOException {
        List<String> lines = Files.readAllLines(straight.resolve("checkpoints/step-9/policy.jsonl"));
        assertThat(lines).hasSize(33);
        assertThat(lines.get(0)).startsWith("{\"step\":8,\"cursor\":16,\"version\":8,");
        assertThat(straight.resolve("checkpoints/step-9/trainer_state.json"))
                .content()
                .contains("data.prompts_checksum");
    }
}
