package ai.preceptor.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.policy.evaluation.HeldOutAnswers;
import ai.preceptor.policy.evaluation.HeldOutSettings;
import ai.preceptor.testkit.MetricsPage;
import ai.preceptor.train.Interrupt;
import ai.preceptor.train.reference.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeldOutEvaluationTest {
    private final List<String> asked = new ArrayList<>();
    private final Interrupt interrupt = new Interrupt();
    private Runnable whileSampling = () -> {};

    /** Of each prompt's answers, which have one token each. */
    private List<List<Score>> scores = List.of(
            List.of(Score.of(1), Score.of(0)),
            List.of(Score.of(2), Score.of(2)),
            List.of(Score.of(0.5), Score.unscored("judge is down")));

    private final HeldOutAnswers sampler = new HeldOutAnswers() {
        @Override
        public int prompts() {
            return scores.size();
        }

        @Override
        public int samples() {
            return scores.get(0).size();
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
                for (Score score : scores.get(prompt)) {
                    answers.add(answer(prompt, score));
                }
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
        HeldOutKl kl = new HeldOutKl(all(-1.5f), policy, 4);
        return new HeldOutEvaluation(HeldOutSettings.defaults(), sampler, "judge", kl, interrupt);
    }

    private static Reference.FrozenModel all(float logprob) {
        return batch -> {
            float[] logprobs = new float[batch.targets().length];
            Arrays.fill(logprobs, logprob);
            return logprobs;
        };
    }

    @Test
    void measure_answersOfAllPrompts_byTheNamesOfTraining() {
        Map<String, Double> values = evaluation().measure().orElseThrow();
        assertThat(asked).containsExactly("0-2", "2-3");
        assertThat(values.get("eval_reward")).isCloseTo(5.5 / 5, within(1e-12));
        // prompts' sums 1, 4 and 1/2 less 1.1 an answer: -1.2, 1.8 and -0.6, whose squares add up to 5.04; of five
        // answers
        double half = 1.96 * Math.sqrt(5.04 * 3 / 2) / 5;
        assertThat(values.get("eval_reward_low")).isCloseTo(1.1 - half, within(1e-12));
        assertThat(values.get("eval_reward_high")).isCloseTo(1.1 + half, within(1e-12));
        assertThat(values.get("eval_objective/kl_low")).as("all alike").isCloseTo(0.5, within(1e-6));
        assertThat(values.get("eval_rewards/judge/mean")).isCloseTo(5.5 / 5, within(1e-12));
        assertThat(values.get("eval_completions/unscored_ratio")).isCloseTo(1.0 / 6, within(1e-12));
        assertThat(values.get("eval_completions/mean_length")).isEqualTo(1);
        assertThat(values.get("eval_pass@1")).as("1/2, 1 and 0").isCloseTo(0.5, within(1e-12));
        assertThat(values.get("eval_best@2")).as("of the two whole prompts").isCloseTo(1.5, within(1e-12));
        assertThat(values.get("eval_objective/kl")).isCloseTo(0.5, within(1e-6));
        MetricsPage.requireDocumented(values.keySet().stream()
                .map(name -> name.replace("judge", "NAME").replace("best@2", "best@N"))
                .toList());
    }

    /**
     * Eight answers of 0 and one of 1, whose prompt has seven more without a score: the mean of both prompts' means would be 0.5. With
     * no answer left out, prompts' means 0 and 1/2 have the standard error 1/4 that they always had.
     */
    @Test
    void measure_answersLeftUnscored_hasTheRewardInItsInterval() {
        List<Score> scoredOnce = new ArrayList<>(Collections.nCopies(7, Score.unscored("judge is down")));
        scoredOnce.add(Score.of(1));
        scores = List.of(Collections.nCopies(8, Score.of(0)), scoredOnce);
        Map<String, Double> values = evaluation().measure().orElseThrow();
        assertThat(values.get("eval_reward")).isCloseTo(1.0 / 9, within(1e-12));
        assertThat(values.get("eval_reward_high") + values.get("eval_reward_low"))
                .isCloseTo(2.0 / 9, within(1e-12));
        assertThat(values.get("eval_reward_high")).isGreaterThan(1.0 / 9);
        scores = List.of(List.of(Score.of(0), Score.of(0)), List.of(Score.of(0), Score.of(1)));
        Map<String, Double> all = evaluation().measure().orElseThrow();
        assertThat(all.get("eval_reward_low")).isCloseTo(0.25 - 1.96 / 4, within(1e-12));
        assertThat(all.get("eval_reward_high")).isCloseTo(0.25 + 1.96 / 4, within(1e-12));
    }

    /** Known before anything is sampled; those of what only some answers have are not. */
    @Test
    void names_withoutSampling_containWhatIsMeasured() {
        HeldOutEvaluation evaluation = evaluation();
        assertThat(evaluation.names("eval_loss"))
                .contains(
                        "eval_reward",
                        "eval_objective/kl",
                        "eval_pass@1",
                        "eval_best@2",
                        "eval_completions/mean_length")
                .doesNotContain("eval_loss");
        assertThat(evaluation.names("eval_tools/call_frequency")).isEmpty();
        assertThat(asked).isEmpty();
        assertThat(evaluation.measure().orElseThrow().keySet())
                .as("but for intervals, which decide nothing")
                .allMatch(name -> name.endsWith("_low")
                        || name.endsWith("_high")
                        || evaluation.names("eval_loss").contains(name));
    }

    /** The sampler, which gave -1, was another model. */
    @Test
    void measure_klOfThePolicy_notOfItsSampler() {
        Map<String, Double> values = evaluation(all(-1.25f)).measure().orElseThrow();
        assertThat(values.get("eval_objective/kl")).isCloseTo(0.25, within(1e-6));
    }

    /** Between two parts of a measurement. */
    @Test
    void measure_stopAskedFor_givesUp() {
        whileSampling = interrupt::request;
        assertThat(evaluation().measure()).isEmpty();
        assertThat(asked).containsExactly("0-2");
    }
}
