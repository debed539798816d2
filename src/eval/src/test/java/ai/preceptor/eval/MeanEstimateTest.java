package ai.preceptor.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MeanEstimateTest {
    private static final long SEED = 20261124;

    /** 1, 2, 3, 4: variance 5/3, so the standard error is sqrt(5/12) = 0.645497, and 1.96 of them 1.265151. */
    @Test
    void of_byHand() {
        MeanEstimate estimate = MeanEstimate.of(new double[] {1, 2, 3, 4});
        assertThat(estimate.mean()).isEqualTo(2.5);
        assertThat(estimate.standardError()).isCloseTo(0.645497, within(1e-6));
        assertThat(estimate.interval().low()).isCloseTo(2.5 - 1.265151, within(1e-6));
        assertThat(estimate.interval().high()).isCloseTo(2.5 + 1.265151, within(1e-6));
    }

    /** The means are 2, 4 and 9; how many samples a prompt has does not matter, and one without samples is no prompt. */
    @Test
    void ofClusters_countsEveryPromptOnce() {
        List<double[]> byPrompt = List.of(new double[] {1, 3}, new double[] {4}, new double[0], new double[] {9, 9, 9});
        assertThat(MeanEstimate.ofClusters(byPrompt)).isEqualTo(MeanEstimate.of(new double[] {2, 4, 9}));
        assertThat(MeanEstimate.ofClusters(byPrompt).prompts()).isEqualTo(3);
    }

    @Test
    void interval_ofASinglePromptIsUnknown() {
        MeanEstimate estimate = MeanEstimate.of(new double[] {7});
        assertThat(estimate.mean()).isEqualTo(7);
        assertThat(estimate.interval()).isNull();
    }

    @Test
    void interval_holdsTheTruthAboutNineteenTimesInTwenty() {
        Random random = new Random(SEED);
        int rounds = 4000;
        int held = 0;
        for (int round = 0; round < rounds; round++) {
            double[] values = random.doubles(50, -1, 3).toArray();
            held += MeanEstimate.of(values).interval().contains(1) ? 1 : 0;
        }
        assertThat((double) held / rounds).as("coverage, seed %d", SEED).isBetween(0.93, 0.96);
    }

    @Test
    void of_nothingIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MeanEstimate.ofClusters(List.of(new double[0])))
                .withMessage("values: 0, must be at least 1");
    }
}
