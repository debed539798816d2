package ai.preceptor.eval;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.eval.ScoredPairs.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A reward that is quality plus a share of length, where the better answers are the shorter ones. */
class LengthCorrectionTest {
    private static final long SEED = 20261129;

    @Test
    void corrected_hasLittleCorrelationAndMoreAccuracy() {
        Random random = new Random(SEED);
        List<Pair> pairs = new ArrayList<>();
        List<Double> lengths = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            double good = 10 + random.nextInt(40);
            double bad = 15 + random.nextInt(40);
            lengths.add(good);
            lengths.add(bad);
            Preference pair = new Preference(Prompt.plain("p"), Text.plain("a"), Text.plain("b"), null, null);
            pairs.add(new Pair(
                    pair, 1 + 0.1 * good + 0.3 * random.nextGaussian(), 0.1 * bad + 0.3 * random.nextGaussian()));
        }
        LengthCorrection corrected = LengthCorrection.of(pairs, lengths);
        assertThat(corrected).isNotNull();
        assertThat(corrected.fit().slope()).as("seed %d", SEED).isBetween(0.08, 0.12);
        LengthBias before = LengthBias.of(pairs, answer -> 0);
        assertThat(before.corrected()).as("lengths that do not vary").isNull();
        assertThat(Math.abs(corrected.correlation())).as("seed %d", SEED).isLessThan(0.1);
        assertThat(corrected.accuracy().rate())
                .as("seed %d", SEED)
                .isGreaterThan(ScoredPairs.share(pairs).rate() + 0.1);
    }

    @Test
    void halfWithoutLengths_isNotCorrected() {
        Preference pair = new Preference(Prompt.plain("p"), Text.plain("a"), Text.plain("b"), null, null);
        List<Pair> one = List.of(new Pair(pair, 2, 1));
        assertThat(LengthCorrection.of(one, List.of(3.0, 4.0))).isNull();
    }
}
