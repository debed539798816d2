package ai.preceptor.lm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokenDrawsTest {
    /** Chi-square of 256 cells has mean 255 and standard deviation 22.6. */
    private static final double LIMIT = 255 + 4 * 22.6;

    @Test
    void bits_alongTokens_andAlongSamples_areUniform() {
        int[] tokens = new int[256];
        int[] samples = new int[256];
        int[] steps = new int[256];
        for (int i = 0; i < 25_600; i++) {
            tokens[cell(new TokenDraws(1, 0).bits(i))]++;
            samples[cell(new TokenDraws(1, i).bits(0))]++;
            steps[cell(new TokenDraws(TokenDraws.seedOf(1, i), i).bits(i) ^ new TokenDraws(1, i).bits(i))]++;
        }
        assertThat(chi(tokens)).isLessThan(LIMIT);
        assertThat(chi(samples)).isLessThan(LIMIT);
        assertThat(chi(steps)).isLessThan(LIMIT);
    }

    @Test
    void bits_ofNeighbouringCoordinates_allDiffer() {
        Set<Long> seen = new HashSet<>();
        for (int prompt = 0; prompt < 10; prompt++) {
            for (int sample = 0; sample < 10; sample++) {
                for (int token = 0; token < 10; token++) {
                    seen.add(new TokenDraws(TokenDraws.seedOf(0, prompt), sample).bits(token));
                }
            }
        }
        assertThat(seen).hasSize(1000).allMatch(bits -> bits >= 0 && bits < 1L << TokenDraws.BITS);
    }

    private static int cell(long bits) {
        return (int) (bits >>> (TokenDraws.BITS - 8));
    }

    private static double chi(int[] counts) {
        double chi = 0;
        for (int count : counts) {
            chi += (count - 100.0) * (count - 100.0) / 100.0;
        }
        return chi;
    }
}
