package ai.preceptor.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.policy.evaluation.EvaluationSettings;
import ai.preceptor.policy.evaluation.HeldOutAnswers;
import ai.preceptor.testkit.MetricsPage;
import ai.preceptor.train.Interrupt;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.reference.Reference;
import ai.preceptor.train.run.Position;
import ai.preceptor.train.run.RunStore;
import ai.preceptor.train.run.SavedCheckpoint;
import ai.preceptor.train.run.Stateful;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldOutEvaluationTest {
    private static final EvaluationSettings EVERY_TWO =
            EvaluationSettings.builder().evalSteps(2).build();

    @TempDir
    Path checkpoint;

    private final List<Map<String, ?>> rows = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private final Interrupt interrupt = new Interrupt();
    private Runnable whileSampling = () -> {};

    /** Three prompts with two answers of one token each: the first scores 1 and 0, the second 2 and 2, the third is down. */
    private final HeldOutAnswers sampler = new HeldOutAnswers() {
        @Override
        public int prompts() {
            return 3;
        }

        @Override
        public int together() {
            return 2;
        }

        @Override
        public List<Trajectory> answers(int from, int to) {
            asked.add(from + "-" + to);
            whileSampling.run();
            List<Trajectory> answers = new ArrayList<>();
            for (int prompt = from; prompt < to; prompt++) {
                answers.add(answer(prompt, prompt == 0 ? Score.of(1) : Score.of(prompt == 1 ? 2 : 0.5)));
                answers.add(answer(
                        prompt,
                        prompt == 0 ? Score.of(0) : prompt == 1 ? Score.of(2) : Score.unscored("judge is down")));
            }
            return answers;
        }
    };

    private static Trajectory answer(int prompt, Score score) {
        Completion completion = new Completion("a", new int[] {7}, new float[] {-1}, FinishReason.STOP);
        return new Trajectory(Prompt.plain("p"), new int[] {1}, completion, prompt, 0, score);
    }

    private HeldOutEvaluation evaluation() {
        return evaluation(null);
    }

    /** @param policy gives its log-probabilities; null where it drew the answers */
    private HeldOutEvaluation evaluation(Reference.@Nullable FrozenModel policy) {
        RunStore store = new Recording(rows);
        LoopSetting loop = new LoopSetting(store, interrupt, TrainListener.none(), List.of(), () -> 0);
        return new HeldOutEvaluation(EVERY_TWO, sampler, "judge", new HeldOutKl(all(-1.5f), policy, 4), loop);
    }

    private static Reference.FrozenModel all(float logprob) {
        return batch -> {
            float[] logprobs = new float[batch.targets().length];
            Arrays.fill(logprobs, logprob);
            return logprobs;
        };
    }

    private static StepMetrics step(int step) {
        return new StepMetrics(step, 5, 0, 0, 0, 0, 0, 0, Map.of());
    }

    @Test
    void onStep_whenDue_recordsALineOfItsOwn() {
        HeldOutEvaluation evaluation = evaluation();
        for (int step = 1; step <= 5; step++) {
            evaluation.onStep(step(step));
        }
        assertThat(rows)
                .extracting(row -> (Object) row.get("step"))
                .as("and the last")
                .containsExactly(2, 4, 5);
        assertThat(asked.subList(0, 2)).containsExactly("0-2", "2-3");
        Map<String, Double> values = evaluation.last();
        assertThat(values.get("eval_reward")).isCloseTo(5.5 / 5, within(1e-12));
        assertThat(values.get("eval_rewards/judge/mean")).isCloseTo(5.5 / 5, within(1e-12));
        assertThat(values.get("eval_completions/unscored_ratio")).isCloseTo(1.0 / 6, within(1e-12));
        assertThat(values.get("eval_completions/mean_length")).isEqualTo(1);
        assertThat(values.get("eval_pass@1")).as("1/2, 1 and 0").isCloseTo(0.5, within(1e-12));
        assertThat(values.get("eval_best@2")).as("of the two whole prompts").isCloseTo(1.5, within(1e-12));
        assertThat(values.get("eval_objective/kl")).isCloseTo(0.5, within(1e-6));
        assertThat(values).containsEntry("eval_runtime", 0.0);
        MetricsPage.requireDocumented(values.keySet().stream()
                .map(name -> name.replace("judge", "NAME").replace("best@2", "best@N"))
                .toList());
    }

    /** The sampler, which gave -1, was another model. */
    @Test
    void onStep_klOfThePolicy_notOfItsSampler() {
        HeldOutEvaluation evaluation = evaluation(all(-1.25f));
        evaluation.onStep(step(2));
        assertThat(evaluation.last().get("eval_objective/kl")).isCloseTo(0.25, within(1e-6));
    }

    /** A stop between two parts of a measurement gives it up; the resumed run makes it before its first step. */
    @Test
    void onStep_stopAskedFor_givesUp_andTheResumedRunMakesUpForIt() {
        HeldOutEvaluation stopped = evaluation();
        whileSampling = interrupt::request;
        stopped.onStep(step(2));
        assertThat(asked).containsExactly("0-2");
        assertThat(rows).isEmpty();
        stopped.saveState(checkpoint);
        HeldOutEvaluation resumed = evaluationAfterTheStop();
        resumed.loadState(checkpoint);
        resumed.onStart(2, 5);
        assertThat(rows).hasSize(1);
        assertThat((Object) rows.get(0).get("step")).isEqualTo(2);
    }

    @Test
    void onStart_measuredBefore_isNotRepeated() {
        HeldOutEvaluation first = evaluation();
        first.onStep(step(2));
        first.saveState(checkpoint);
        asked.clear();
        HeldOutEvaluation resumed = evaluation();
        resumed.loadState(checkpoint);
        resumed.onStart(2, 5);
        assertThat(asked).isEmpty();
        assertThat(resumed.last()).isEqualTo(first.last());
        resumed.onStart(0, 5);
        assertThat(asked).as("a run that begins").isEmpty();
    }

    private HeldOutEvaluation evaluationAfterTheStop() {
        whileSampling = () -> {};
        RunStore store = new Recording(rows);
        LoopSetting loop = new LoopSetting(store, new Interrupt(), TrainListener.none(), List.of(), () -> 0);
        return new HeldOutEvaluation(EVERY_TWO, sampler, "judge", null, loop);
    }

    /** Keeps lines and nothing else. */
    private record Recording(List<Map<String, ?>> rows) implements RunStore {
        @Override
        public Optional<SavedCheckpoint> resume(Map<String, String> data, int totalSteps) {
            return Optional.empty();
        }

        @Override
        public void requireSpace(long bytes) {}

        @Override
        public void record(Map<String, ?> row) {
            rows.add(row);
        }

        @Override
        public Optional<Path> saveCheckpoint(
                Position position, Map<String, String> data, List<? extends Stateful> parts) {
            return Optional.empty();
        }

        @Override
        public long checkpointsKept(long saves) {
            return 0;
        }

        @Override
        public void saveModel(ModelSaver saver) {}

        @Override
        public void writeSummary(Map<String, ?> summary) {}
    }
}
