package ai.preceptor.policy.correction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ClippedImportanceTest {

    @Nested
    class TokenTruncate extends ImportanceSamplingContract {
        @Override
        protected ImportanceSampling importance() {
            return new ClippedImportance(ImportanceSamplingMode.TOKEN_TRUNCATE, 0.5, 3);
        }
    }

    @Nested
    class SequenceMask extends ImportanceSamplingContract {
        @Override
        protected ImportanceSampling importance() {
            return new ClippedImportance(ImportanceSamplingMode.SEQUENCE_MASK, null, 3);
        }
    }

    @Nested
    class None extends ImportanceSamplingContract {
        @Override
        protected ImportanceSampling importance() {
            return ImportanceSampling.none();
        }
    }

    /** Ratios 2, 0.25 and 8: their product is 4. */
    private static double[] weights(ImportanceSamplingMode mode, Double min, double max) {
        return new ClippedImportance(mode, min, max).weights(new double[] {Math.log(2), Math.log(0.25), Math.log(8)});
    }

    @Test
    void weights_byMode() {
        assertThat(weights(ImportanceSamplingMode.TOKEN_TRUNCATE, null, 3))
                .containsExactly(new double[] {2, 0.25, 3}, within(1e-12));
        assertThat(weights(ImportanceSamplingMode.TOKEN_TRUNCATE, 0.5, 3))
                .containsExactly(new double[] {2, 0.5, 3}, within(1e-12));
        assertThat(weights(ImportanceSamplingMode.TOKEN_MASK, 0.5, 3))
                .containsExactly(new double[] {2, 0, 0}, within(1e-12));
        assertThat(weights(ImportanceSamplingMode.SEQUENCE_TRUNCATE, null, 3))
                .containsExactly(new double[] {3, 3, 3}, within(1e-12));
        assertThat(weights(ImportanceSamplingMode.SEQUENCE_MASK, null, 3)).containsExactly(0, 0, 0);
        assertThat(weights(ImportanceSamplingMode.SEQUENCE_MASK, null, 5))
                .containsExactly(new double[] {4, 4, 4}, within(1e-12));
        assertThat(weights(ImportanceSamplingMode.NONE, null, 3)).containsExactly(1, 1, 1);
    }

    @Test
    void bounds_outOfRange_areRefused() {
        assertThatThrownBy(() -> new ClippedImportance(ImportanceSamplingMode.TOKEN_MASK, 3.0, 3))
                .hasMessage("importance_sampling_clip_min: 3.0, must be in [0, importance_sampling_clip_max = 3.0)");
        assertThatThrownBy(() -> new ClippedImportance(ImportanceSamplingMode.TOKEN_MASK, null, 0))
                .hasMessage("importance_sampling_clip_max: 0.0, must be above 0");
    }
}
