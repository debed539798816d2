package ai.preceptor.distill;

import static ai.preceptor.distill.DivergencesUnderTest.logits;
import static ai.preceptor.distill.DivergencesUnderTest.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.lm.DivergenceKind;
import ai.preceptor.testkit.GradientCheck;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DivergenceTest {
    private static final double LN2 = Math.log(2);
    private static final double LN3 = Math.log(3);
    /** p = (3/4, 1/4) and q = (1/2, 1/2). */
    private static final double[] P = {Math.log(0.75), Math.log(0.25)};

    private static final double[] Q = {-LN2, -LN2};

    private static double value(Divergence divergence, double[] slope) {
        return DivergenceOracle.of(divergence).evaluate(P, Q, slope);
    }

    /** KL(p || q) = 3/4 ln(3/2) + 1/4 ln(1/2) = 3/4 ln 3 - ln 2. */
    @Test
    void forwardKl_byHand() {
        double[] slope = new double[2];
        assertThat(value(Divergence.forwardKl(), slope)).isCloseTo(0.75 * LN3 - LN2, within(1e-15));
        assertThat(slope).containsExactly(new double[] {-0.75, -0.25}, within(1e-15));
    }

    /** KL(q || p) = 1/2 ln(2/3) + 1/2 ln 2 = ln 2 - 1/2 ln 3; slopes q (ln(q / p) + 1). */
    @Test
    void reverseKl_byHand() {
        double[] slope = new double[2];
        assertThat(value(Divergence.reverseKl(), slope)).isCloseTo(LN2 - 0.5 * LN3, within(1e-15));
        assertThat(slope).containsExactly(new double[] {0.5 * (LN2 - LN3 + 1), 0.5 * (LN2 + 1)}, within(1e-15));
    }

    /** beta 1/2: m = (5/8, 3/8); 1/2 (3/4 ln 6/5 + 1/4 ln 2/3) + 1/2 (1/2 ln 4/5 + 1/2 ln 4/3). */
    @Test
    void jsd_byHand() {
        double expected = 0.5 * (0.75 * Math.log(1.2) + 0.25 * Math.log(2 / 3.0))
                + 0.5 * (0.5 * Math.log(0.8) + 0.5 * Math.log(4 / 3.0));
        double[] slope = new double[2];
        assertThat(value(Divergence.jsd(0.5), slope)).isCloseTo(expected, within(1e-15));
        assertThat(slope).containsExactly(new double[] {0.25 * Math.log(0.8), 0.25 * Math.log(4 / 3.0)}, within(1e-15));
    }

    /** alpha 1/2: m = (5/8, 3/8): KL(p || m), slopes -1/2 p q / m = -3/10 and -1/6. */
    @Test
    void skewForward_byHand() {
        double[] slope = new double[2];
        assertThat(value(Divergence.skewForwardKl(0.5), slope))
                .isCloseTo(0.75 * Math.log(1.2) + 0.25 * Math.log(2 / 3.0), within(1e-15));
        assertThat(slope).containsExactly(new double[] {-0.3, -1 / 6.0}, within(1e-15));
    }

    /** alpha 1/2: KL(q || m), slopes q ln(q / m) - 1/2 q^2 / m: 1/2 ln 4/5 - 1/5 and 1/2 ln 4/3 - 1/3. */
    @Test
    void skewReverse_byHand() {
        double[] slope = new double[2];
        assertThat(value(Divergence.skewReverseKl(0.5), slope))
                .isCloseTo(0.5 * Math.log(0.8) + 0.5 * Math.log(4 / 3.0), within(1e-15));
        assertThat(slope)
                .containsExactly(
                        new double[] {0.5 * Math.log(0.8) - 0.2, 0.5 * Math.log(4 / 3.0) - 1 / 3.0}, within(1e-15));
    }

    /** 1/2 (1/4 + 1/4); q is below p first, above second. */
    @Test
    void totalVariation_byHand() {
        double[] slope = new double[2];
        assertThat(value(Divergence.totalVariation(), slope)).isCloseTo(0.25, within(1e-15));
        assertThat(slope).containsExactly(new double[] {-0.25, 0.25}, within(1e-15));
    }

    /** mu 1/2: the head is the first outcome alone, which has half of |p - q|, so both KLs weigh 1/2. */
    @Test
    void adaptiveKl_byHand() {
        Divergence half = Divergence.adaptiveKl(0.5);
        assertThat(DivergenceOracle.headShare(0.5, P, Q)).isCloseTo(0.5, within(1e-15));
        assertThat(value(half, new double[2]))
                .isCloseTo(0.5 * (0.75 * LN3 - LN2) + 0.5 * (LN2 - 0.5 * LN3), within(1e-15));
        assertThat(DivergenceOracle.headShare(1, P, Q)).isCloseTo(1, within(1e-15));
    }

    /** Temperature 2 halves the logits; the gradient carries the 1/2. */
    @Test
    void temperature_byHand() {
        double[] gradient = new double[2];
        double found = new LogitDivergence(Divergence.forwardKl(), 2)
                .evaluate(new double[] {2 * LN3, 0}, new double[] {0, 0}, gradient);
        assertThat(found).isCloseTo(0.75 * LN3 - LN2, within(1e-15));
        assertThat(gradient).containsExactly(new double[] {-0.125, 0.125}, within(1e-15));
    }

    @Test
    void gradients_agreeWithDifferences() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            double temperature = 0.5 + 2 * random.nextDouble();
            int outcomes = 2 + random.nextInt(9);
            double[] teacher = logits(random, outcomes, 2);
            double[] student = logits(random, outcomes, 2);
            for (Divergence one : DivergencesUnderTest.all(random)) {
                LogitDivergence loss = new LogitDivergence(frozen(one, temperature, teacher, student), temperature);
                double[] gradient = new double[outcomes];
                new LogitDivergence(one, temperature).evaluate(teacher, student, gradient);
                new GradientCheck(1e-5, 1e-6)
                        .verify(
                                one + " seed " + seed,
                                z -> loss.evaluate(teacher, z, new double[outcomes]),
                                student,
                                gradient);
            }
        }
    }

    /** The adaptive weight is a constant to the gradient: hold it where it was. */
    private static DivergenceOracle frozen(Divergence one, double temperature, double[] teacher, double[] student) {
        if (one.kind() != DivergenceKind.ADAPTIVE_KL) {
            return DivergenceOracle.of(one);
        }
        LogitDivergence at = new LogitDivergence(one, temperature);
        double share = DivergenceOracle.headShare(one.parameter(), at.logSoftmax(teacher), at.logSoftmax(student));
        return (p, q, slope) -> DivergenceOracle.mixed(share, p, q, slope);
    }

    @Test
    void every_isZeroAtEqualityAndNeverNegative() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            double temperature = 0.2 + 3 * random.nextDouble();
            int outcomes = 2 + random.nextInt(30);
            double[] teacher = logits(random, outcomes, 5 * random.nextDouble());
            double[] student = logits(random, outcomes, 5 * random.nextDouble());
            for (Divergence one : DivergencesUnderTest.all(random)) {
                assertThat(of(one, temperature, teacher, student))
                        .as(one + " seed " + seed)
                        .isGreaterThanOrEqualTo(-1e-12);
                assertThat(of(one, temperature, teacher, teacher.clone()))
                        .as(one + " at equality, seed " + seed)
                        .isCloseTo(0, within(1e-12));
            }
            assertThat(of(Divergence.totalVariation(), temperature, teacher, student))
                    .isBetween(0.0, 1 + 1e-12);
            assertThat(of(Divergence.jsd(0.5), temperature, teacher, student)).isLessThanOrEqualTo(LN2 + 1e-12);
        }
    }

    @Test
    void jsd_isSymmetricAtOneHalf_andTendsToTheKls() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            double[] p = logits(random, 12, 2);
            double[] q = logits(random, 12, 2);
            String name = "seed " + seed;
            double half = of(Divergence.jsd(0.5), 1, p, q);
            assertThat(of(Divergence.jsd(0.5), 1, q, p)).as(name).isCloseTo(half, within(1e-12));
            double beta = 1e-6;
            double forward = of(Divergence.forwardKl(), 1, p, q);
            double reverse = of(Divergence.reverseKl(), 1, p, q);
            assertThat(of(Divergence.jsd(beta), 1, p, q) / beta)
                    .as(name)
                    .isCloseTo(forward, within(1e-3 * (1 + forward)));
            assertThat(of(Divergence.jsd(1 - beta), 1, p, q) / beta)
                    .as(name)
                    .isCloseTo(reverse, within(1e-3 * (1 + reverse)));
            assertThat(of(Divergence.jsd(0), 1, p, q)).isEqualTo(forward);
            assertThat(of(Divergence.jsd(1), 1, p, q)).isEqualTo(reverse);
        }
    }

    @Test
    void skew_isTheKlAtZero_fallsWithAlpha_andSwapsWithTheSides() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            double[] p = logits(random, 12, 2);
            double[] q = logits(random, 12, 2);
            double alpha = random.nextDouble() * 0.9;
            String name = "seed " + seed;
            assertThat(of(Divergence.skewForwardKl(0), 1, p, q))
                    .as(name)
                    .isCloseTo(of(Divergence.forwardKl(), 1, p, q), within(1e-12));
            assertThat(of(Divergence.skewReverseKl(0), 1, p, q))
                    .as(name)
                    .isCloseTo(of(Divergence.reverseKl(), 1, p, q), within(1e-12));
            assertThat(of(Divergence.skewForwardKl(alpha + 0.05), 1, p, q))
                    .as(name)
                    .isLessThan(of(Divergence.skewForwardKl(alpha), 1, p, q));
            assertThat(of(Divergence.skewReverseKl(alpha), 1, p, q))
                    .as(name)
                    .isCloseTo(of(Divergence.skewForwardKl(alpha), 1, q, p), within(1e-12));
        }
    }

    @Test
    void impossibleOutcomes_costNothingWhereTheyHaveNoProbability() {
        double[] certain = {0, Double.NEGATIVE_INFINITY};
        for (Divergence one : List.of(
                Divergence.forwardKl(),
                Divergence.jsd(0.3),
                Divergence.skewForwardKl(0.1),
                Divergence.skewReverseKl(0.1))) {
            double found = DivergenceOracle.of(one).evaluate(certain, Q, new double[2]);
            assertThat(found).as(one.toString()).isPositive().isFinite();
            assertThat(DivergenceOracle.of(one).evaluate(certain, certain, new double[2]))
                    .isCloseTo(0, within(1e-15));
        }
        assertThat(DivergenceOracle.of(Divergence.reverseKl()).evaluate(certain, Q, new double[2]))
                .isInfinite();
    }

    @Test
    void parametersOutOfRange_areRefused() {
        assertThatThrownBy(() -> Divergence.jsd(1.5)).hasMessage("beta: 1.5, must be in [0, 1]");
        assertThatThrownBy(() -> Divergence.skewForwardKl(1)).hasMessage("skew_alpha: 1.0, must be in [0, 1)");
        assertThatThrownBy(() -> Divergence.skewReverseKl(-0.1)).hasMessageContaining("skew_alpha");
        assertThatThrownBy(() -> Divergence.adaptiveKl(Double.NaN)).hasMessageContaining("adaptive_mu");
        assertThatThrownBy(() -> new LogitDivergence(Divergence.forwardKl(), 0)).hasMessageContaining("temperature");
    }
}
