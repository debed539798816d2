package ai.preceptor.reward.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.steps.LabeledSteps;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.train.RewardLossReport;
import ai.preceptor.train.Totals;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StepObjectiveTest {
    private static final LabeledSteps TWO = row(true, false);
    private static final LabeledSteps ONE = row(true);

    private static LabeledSteps row(Boolean... labels) {
        List<String> steps = List.of("a", "b").subList(0, labels.length);
        return new LabeledSteps(Prompt.plain("p"), steps, List.of(labels));
    }

    /** Margins 2 of a right step, 0 of a wrong one and -1 of a right one: (0.126928 + 0.693147 + 1.313262) / 3. */
    @Test
    void evaluate_isTheMeanOverSteps() {
        float[] logits = {-1, 1, 0, 0, 3, 2};
        RewardLossReport report = new StepObjective("\n", false).evaluate(List.of(TWO, ONE), logits, new Totals(2, 3));
        assertThat(report.loss()).isCloseTo((0.126928 + 0.693147 + 1.313262) / 3, within(1e-6));
        // sigmoid(-2) = 0.119203, 0.5, sigmoid(1) = 0.731059; the right label's logit is raised
        assertThat(report.gradient())
                .containsExactly(
                        new float[] {0.119203f / 3, -0.119203f / 3, -0.5f / 3, 0.5f / 3, 0.731059f / 3, -0.731059f / 3},
                        within(1e-6f));
        // equal logits say wrong
        assertThat(report.metrics().get("accuracy").value()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(report.metrics().get("accuracy_right").value()).isEqualTo(0.5);
        assertThat(report.metrics().get("accuracy_wrong").value()).isEqualTo(1);
        assertThat(report.metrics().get("step_probability").value())
                .isCloseTo((0.880797 + 0.5 + 0.268941) / 3, within(1e-6));
    }

    @Test
    void evaluate_lastStepOnly_readsOneStepARow() {
        StepObjective last = new StepObjective("\n", true);
        RewardLossReport report = last.evaluate(List.of(TWO), new float[] {0, 0}, new Totals(1, 1));
        assertThat(report.gradient()).containsExactly(-0.5f, 0.5f);
        assertThat(report.metrics().get("accuracy_right").isKnown()).isFalse();
        assertThatThrownBy(() -> last.evaluate(List.of(TWO), new float[4], new Totals(1, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rewards: 4 for 1 steps, must be two logits for each, 2");
    }

    @Test
    void loss_gradient_equalsCentralDifferences() {
        long seed = 11;
        Random random = new Random(seed);
        StepLoss loss = new StepLoss();
        double h = 1e-6;
        for (int i = 0; i < 50; i++) {
            double wrong = 8 * random.nextGaussian();
            double right = 8 * random.nextGaussian();
            boolean label = random.nextBoolean();
            StepLoss.Term term = loss.evaluate(wrong, right, label);
            double byWrong = loss.evaluate(wrong + h, right, label).loss()
                    - loss.evaluate(wrong - h, right, label).loss();
            double byRight = loss.evaluate(wrong, right + h, label).loss()
                    - loss.evaluate(wrong, right - h, label).loss();
            assertThat(term.wrongSlope()).as("seed %d", seed).isCloseTo(byWrong / (2 * h), within(1e-6));
            assertThat(term.rightSlope()).as("seed %d", seed).isCloseTo(byRight / (2 * h), within(1e-6));
        }
    }

    @Test
    void aggregations_ofThreeSteps() {
        double[] steps = {0.5, 0.2, 0.9};
        assertThat(StepAggregation.MIN.of(steps)).isEqualTo(0.2);
        assertThat(StepAggregation.PRODUCT.of(steps)).isCloseTo(0.09, within(1e-12));
        assertThat(StepAggregation.SUM.of(steps)).isCloseTo(1.6, within(1e-12));
        assertThat(StepAggregation.MEAN.of(steps)).isCloseTo(1.6 / 3, within(1e-12));
        assertThat(StepAggregation.LAST.of(steps)).isEqualTo(0.9);
    }

    /** An answer is taken apart where the separator first occurs, so such a step would be scored as two. */
    @Test
    void pack_stepThatHoldsTheSeparator_isRefused() {
        refusedStep("\n", "a\nb");
        refusedStep("\n\n", "a\n");
        StepObjective objective = new StepObjective("\n\n", false);
        objective.pack(steps("a\nb"), TOKENS, PackedBatch.builder());
    }

    private static void refusedStep(String separator, String step) {
        assertThatThrownBy(() -> new StepObjective(separator, false).pack(steps(step), TOKENS, PackedBatch.builder()))
                .isInstanceOf(EncodingException.class)
                .hasMessageStartingWith("key \"completions[1]\": expected a step that ends where step_separator ")
                .hasMessageContaining("first occurs, found ");
    }

    private static LabeledSteps steps(String second) {
        return new LabeledSteps(Prompt.plain("p"), List.of("x", second), List.of(true, true));
    }

    /** A token a character. */
    private static final PromptEncoder TOKENS = new PromptEncoder() {
        @Override
        public int[] prompt(Prompt prompt) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int[] completion(Prompt prompt, Text completion) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int[] piece(String text) {
            return text.chars().toArray();
        }

        @Override
        public String decode(int[] ids, boolean skipSpecial) {
            throw new UnsupportedOperationException();
        }
    };
}
