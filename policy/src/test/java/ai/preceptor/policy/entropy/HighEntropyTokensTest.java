package ai.preceptor.policy.entropy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class HighEntropyTokensTest {
    private static final List<float[]> ENTROPIES = List.of(new float[] {1, 4}, new float[] {2, 3, 5});

    /** The median of 1 to 5 is 3; the 0.8 quantile is 4 + 0.2 (5 - 4). */
    @Test
    void of_selectsFromTheQuantileOn() {
        assertThat(new HighEntropyTokens(0.5).of(ENTROPIES))
                .containsExactly(new double[] {0, 1}, new double[] {0, 1, 1});
        assertThat(new HighEntropyTokens(0.2).of(ENTROPIES))
                .containsExactly(new double[] {0, 0}, new double[] {0, 0, 1});
        assertThat(new HighEntropyTokens(1).of(ENTROPIES)).containsExactly(new double[] {1, 1}, new double[] {1, 1, 1});
        assertThat(new HighEntropyTokens(0.5).of(List.of())).isEmpty();
    }

    @Test
    void share_outOfRange_isRefused() {
        assertThatThrownBy(() -> new HighEntropyTokens(0)).hasMessage("top_entropy_quantile: 0.0, must be in (0, 1]");
    }
}
