package ai.preceptor.ranking.unpaired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.testkit.GradientCheck;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class KtoLossTest {

    private static final long SEED = 20261124;

    private static LabeledAnswer answer(double logratio, boolean desirable) {
        return new LabeledAnswer(logratio, 0, 5, desirable);
    }

    /** h = 3, z = 1, beta 0.1: 1 - s(0.2), 1 - s(-0.2); 1 - s(0.3), s(0.3); -log s(0.3 - 1), -log s(1 - 0.3). */
    @ParameterizedTest
    @CsvSource({
        "KTO, true, 0.450166003",
        "KTO, false, 0.549833997",
        "APO_ZERO_UNPAIRED, true, 0.425557483",
        "APO_ZERO_UNPAIRED, false, 0.574442517",
        "BCO, true, 1.103186049",
        "BCO, false, 0.403186049"
    })
    void term_isTheHandWorkedValue(KtoLossType type, boolean desirable, double expected) {
        KtoLoss loss = new KtoLoss(type, 0.1, 1, 1);
        assertThat(loss.term(answer(3, desirable), 1).loss()).isCloseTo(expected, within(1e-8));
        assertThat(loss.reward(answer(3, desirable))).isCloseTo(0.3, within(1e-12));
    }

    @Test
    void term_weightsEachKindByItsOwn() {
        KtoLoss weighted = new KtoLoss(KtoLossType.KTO, 0.1, 1.5, 0.5);
        KtoLoss plain = KtoLoss.kto(0.1);
        assertThat(weighted.term(answer(3, true), 1).loss())
                .isCloseTo(1.5 * plain.term(answer(3, true), 1).loss(), within(1e-12));
        assertThat(weighted.term(answer(3, false), 1).slope())
                .isCloseTo(0.5 * plain.term(answer(3, false), 1).slope(), within(1e-12));
    }

    @ParameterizedTest
    @EnumSource(KtoLossType.class)
    void slope_agreesWithDifferencesAndItsSideOfTheVerdict(KtoLossType type) {
        Random random = new Random(SEED);
        GradientCheck check = new GradientCheck(1e-6, 1e-6);
        for (int round = 0; round < 200; round++) {
            KtoLoss loss = new KtoLoss(
                    type, Math.exp(random.nextGaussian() - 2), 2 * random.nextDouble(), 2 * random.nextDouble());
            double logratio = 5 * random.nextGaussian();
            double baseline = random.nextDouble();
            boolean desirable = random.nextBoolean();
            String what = "seed " + SEED + " round " + round + " " + loss + " h " + logratio + " " + desirable;
            double slope = loss.term(answer(logratio, desirable), baseline).slope();
            check.verify(
                    what,
                    h -> loss.term(answer(h[0], desirable), baseline).loss(),
                    new double[] {logratio},
                    new double[] {slope});
            assertThat(desirable ? -slope : slope).as(what).isNotNegative();
        }
    }

    @Test
    void constructor_refusesImpossibleNumbers() {
        assertThatThrownBy(() -> KtoLoss.kto(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("beta: 0.0");
        assertThatThrownBy(() -> new KtoLoss(KtoLossType.KTO, 0.1, -1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("desirable_weight: -1.0");
    }
}
