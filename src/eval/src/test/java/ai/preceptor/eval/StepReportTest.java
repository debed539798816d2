package ai.preceptor.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.steps.LabeledSteps;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepReportTest {
    private static LabeledSteps row(Boolean... labels) {
        return new LabeledSteps(Prompt.plain("p"), Collections.nCopies(labels.length, "s"), List.of(labels));
    }

    /**
     * Right, wrong, wrong: the first error is found, though the step after it passes. Right, wrong: missed. Two answers
     * without an error, one of which is doubted. 4 of 6 right steps... of all 8 steps 5 are told.
     */
    @Test
    void of_countsStepsAndFirstErrors() {
        List<LabeledSteps> rows = List.of(row(true, false, false), row(true, false), row(true, true), row(true));
        List<double[]> said = List.of(
                new double[] {0.9, 0.2, 0.8}, new double[] {0.7, 0.6}, new double[] {0.8, 0.4}, new double[] {0.51});
        StepReport report = StepReport.of(rows, said);
        assertThat(report.accuracy()).isEqualTo(new Proportion(5, 8));
        assertThat(report.right()).isEqualTo(new Proportion(4, 5));
        assertThat(report.wrong()).isEqualTo(new Proportion(1, 3));
        assertThat(report.firstError()).isEqualTo(new Proportion(1, 2));
        assertThat(report.noError()).isEqualTo(new Proportion(1, 2));
        assertThat(report.f1()).isEqualTo(0.5);
        assertThat(report.toRow()).containsEntry("eval_steps", 8).containsEntry("eval_first_error_f1", 0.5);
    }

    /** All steps of an answer right or all wrong: as much as one step each would say. */
    @Test
    void of_stepsThatEndAlike_countAsOneAnAnswer() {
        StepReport report = StepReport.of(
                List.of(row(true, true), row(true, true)), List.of(new double[] {0.9, 0.9}, new double[] {0.1, 0.1}));
        assertThat(report.accuracy()).isEqualTo(new Proportion(2, 4, 2));
    }

    @Test
    void of_onlyRightSteps_hasNoFirstError() {
        StepReport report = StepReport.of(List.of(row(true)), List.of(new double[] {0.9}));
        assertThat(report.firstError()).isNull();
        assertThat(report.f1()).isNull();
        assertThat(report.toRow()).containsEntry("eval_accuracy_wrong", null);
    }

    /** Rewards 1, 2, 3 over 10, 20, 60 tokens: slope (-20 * -1 + 30 * 1) / (400 + 100 + 900) = 50 / 1400. */
    @Test
    void lengthFit_isLeastSquares() {
        LengthFit fit = LengthFit.of(new double[] {1, 2, 3}, new double[] {10, 20, 60});
        assertThat(fit).isNotNull();
        assertThat(fit.slope()).isCloseTo(50 / 1400.0, within(1e-12));
        assertThat(fit.meanLength()).isEqualTo(30);
        assertThat(fit.residual(3, 60)).isCloseTo(3 - 30 * 50 / 1400.0, within(1e-12));
        assertThat(LengthFit.of(new double[] {1, 2}, new double[] {4, 4})).isNull();
    }
}
