package ai.preceptor.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.lm.Span;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.LossReport;
import ai.preceptor.train.Objective;
import ai.preceptor.train.ObjectiveContract;
import ai.preceptor.train.Totals;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SftObjectiveTest extends ObjectiveContract<Demonstration> {

    private static final Demonstration ROW = new Demonstration(Prompt.plain("p"), Text.plain("answer"));

    @Override
    protected Objective<Demonstration> objective() {
        return new SftObjective();
    }

    @Override
    protected Demonstration row(Random random) {
        return new Demonstration(Prompt.plain("prompt"), Text.plain("completion".substring(random.nextInt(10))));
    }

    /** Two answers of 1 and 3 tokens in a step of 8: -(-2 - 1 - 2 - 3) / 8, a token mean and not a mean of means. */
    @Test
    void evaluate_isTheTokenMeanOfTheStep() {
        LossReport report = objective()
                .evaluate(new LossInputs<>(
                        List.of(ROW, ROW),
                        List.of(new Span(0, 1), new Span(1, 4)),
                        new float[] {-2, -1, -2, -3},
                        null,
                        new Totals(4, 8)));
        assertThat(report.loss()).isCloseTo(1, within(1e-12));
        assertThat(report.gradient()).containsExactly(-0.125f, -0.125f, -0.125f, -0.125f);
        assertThat(report.metrics()).isEmpty();
    }

    @Test
    void evaluate_totalsBelowTheMicroBatch_areRefused() {
        LossInputs<Demonstration> in =
                new LossInputs<>(List.of(ROW), List.of(new Span(0, 2)), new float[] {-1, -1}, null, new Totals(1, 1));
        assertThatThrownBy(() -> objective().evaluate(in))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tokens 1");
    }
}
