package ai.preceptor.distill.divergence;

import static ai.preceptor.distill.divergence.DivergencesUnderTest.logits;
import static ai.preceptor.distill.divergence.DivergencesUnderTest.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
        return divergence.evaluate(P, Q, slope);
    }

    /** KL(p || q) = 3/4 ln(3/2) + 1/4 ln(1/2) = 3/4 ln 3 - ln 2. */
    @Test
    void forwardKl_byHand() {
        double[] slope = new double[2];
        assertThat(value(new ForwardKl(), slope)).isCloseTo(0.75 * LN3 - LN2, within(1e-15));
        assertThat(slope).containsExactly(new double[] {-0.75, -0.25}, within(1e-15));
    }

    /** KL(q || p) = 1/2 ln(2/3) + 1/2 ln 2 = ln 2 - 1/2 ln 3; slopes q (ln(q / p) + 1). */
    @Test
    void reverseKl_byHand() {
        double[] slope = new double[2];
        assertThat(value(new ReverseKl(), slope)).isCloseTo(LN2 - 0.5 * LN3, within(1e-15));
        assertThat(slope).containsExactly(new double[] {0.5 * (LN2 - LN3 + 1), 0.5 * (LN2 + 1)}, within(1e-15));
    }

    /** beta 1/2: m = (5/8, 3/8); 1/2 (3/4 ln 6/5 + 1/4 ln 2/3) + 1/2 (1/2 ln 4/5 + 1/2 ln 4/3). */
    @Test
    void jsd_byHand() {
        double expected = 0.5 * (0.75 * Math.log(1.2) + 0.25 * Math.log(2 / 3.0))
                + 0.5 * (0.5 * Math.log(0.8) + 0.5 * Math.log(4 / 3.0));
        double[] slope = new double[2];
        assertThat(value(new GeneralizedJsd(0.5), slope)).isCloseTo(expected, within(1e-15));
        assertThat(slope).containsExactly(new double[] {0.25 * Math.log(0.8), 0.25 * Math.log(4 / 3.0)}, within(1e-15));
    }

    /** alpha 1/2: m = (5/8, 3/8): KL(p || m), slopes -1/2 p q / m = -3/10 and -1/6. */
    @Test
    void skewForward_byHand() {
        double[] slope = new double[2];
        assertThat(value(new SkewForwardKl(0.5), slope))
                .isCloseTo(0.75 * Math.log(1.2) + 0.25 * Math.log(2 / 3.0), within(1e-15));
        assertThat(slope).containsExactly(new double[] {-0.3, -1 / 6.0}, within(1e-15));
    }

    /** alpha 1/2: KL(q || m), slopes q ln(q / m) - 1/2 q^2 / m: 1/2 ln 4/5 - 1/5 and 1/2 ln 4/3 - 1/3. */
    @Test
    void skewReverse_byHand() {
        double[] slope = new double[2];
        assertThat(value(new SkewReverseKl(0.5), slope))
                .isCloseTo(0.5 * Math.log(0.8) + 0.5 * Math.log(4 / 3.0), within(1e-15));
        assertThat(slope)
                .containsExactly(
                        new double[] {0.5 * Math.log(0.8) - 0.2, 0.5 * Math.log(4 / 3.0) - 1 / 3.0}, within(1e-15));
    }

    /** 1/2 (1/4 + 1/4); q is below p first, above second. */
    @Test
    void totalVariation_byHand() {
        double[] slope = new double[2];
        assertThat(value(new TotalVariation(), slope)).isCloseTo(0.25, within(1e-15));
        assertThat(slope).containsExactly(new double[] {-0.25, 0.25}, within(1e-15));
    }

    /** mu 1/2: the head is the first outcome alone, which has half of |p - q|, so both KLs weigh 1/2. */
    @Test
    void adaptiveKl_byHand() {
        AdaptiveKl half = new AdaptiveKl(0.5);
        assertThat(half.headShare(P, Q)).isCloseTo(0.5, within(1e-15));
        assertThat(value(half, new double[2]))
                .isCloseTo(0.5 * (0.75 * LN3 - LN2) + 0.5 * (LN2 - 0.5 * LN3), within(1e-15));
        assertThat(new AdaptiveKl(1).headShare(P, Q)).isCloseTo(1, within(1e-15));
    }

    /** Temperature 2 halves the logits; the gradient carries the 1/2. */
    @Test
    void temperature_byHand() {
        double[] gradient = new double[2];
        double found = new LogitDivergence(new ForwardKl(), 2)
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
    private static Divergence frozen(Divergence one, double temperature, double[] teacher, double[] student) {
        if (!(one instanceof AdaptiveKl adaptive)) {
            return one;
        }
        LogitDivergence at = new LogitDivergence(one, temperature);
        double share = adaptive.headShare(at.logSoftmax(teacher), at.logSoftmax(student));
        return new Mixture(share);
    }

    private record Mixture(double share) implements Divergence {
        @Override
        public String key() {
            return "mixture";
        }

        @Override
        public double evaluate(double[] teacher, double[] student, double[] slope) {
            double forward = new ForwardKl().evaluate(teacher, student, slope);
            return share * forward + (1 - share) * new ReverseKl().evaluate(teacher, student, slope);
        }

        @Override
        public ai.preceptor.lm.DivergenceTerm term(double weight) {
            throw new UnsupportedOperationException("a test's own");
        }
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
            assertThat(of(new TotalVariation(), temperature, teacher, student)).isBetween(0.0, 1 + 1e-12);
            assertThat(of(new GeneralizedJsd(0.5), temperature, teacher, student))
                    .isLessThanOrEqualTo(LN2 + 1e-12);
        }
    }

    @Test
    void jsd_isSymmetricAtOneHalf_andTendsToTheKls() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            double[] p = logits(random, 12, 2);
            double[] q = logits(random, 12, 2);
            String name = "seed " + seed;
            double half = of(new GeneralizedJsd(0.5), 1, p, q);
            assertThat(of(new GeneralizedJsd(0.5), 1, q, p)).as(name).isCloseTo(half, within(1e-12));
            double beta = 1e-6;
            double forward = of(new ForwardKl(), 1, p, q);
            double reverse = of(new ReverseKl(), 1, p, q);
            assertThat(of(new GeneralizedJsd(beta), 1, p, q) / beta)
                    .as(name)
                    .isCloseTo(forward, within(1e-3 * (1 + forward)));
            assertThat(of(new GeneralizedJsd(1 - beta), 1, p, q) / beta)
                    .as(name)
                    .isCloseTo(reverse, within(1e-3 * (1 + reverse)));
            assertThat(of(new GeneralizedJsd(0), 1, p, q)).isEqualTo(forward);
            assertThat(of(new GeneralizedJsd(1), 1, p, q)).isEqualTo(reverse);
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
            assertThat(of(new SkewForwardKl(0), 1, p, q))
                    .as(name)
                    .isCloseTo(of(new ForwardKl(), 1, p, q), within(1e-12));
            assertThat(of(new SkewReverseKl(0), 1, p, q))
                    .as(name)
                    .isCloseTo(of(new ReverseKl(), 1, p, q), within(1e-12));
            assertThat(of(new SkewForwardKl(alpha + 0.05), 1, p, q))
                    .as(name)
                    .isLessThan(of(new SkewForwardKl(alpha), 1, p, q));
            assertThat(of(new SkewReverseKl(alpha), 1, p, q))
                    .as(name)
                    .isCloseTo(of(new SkewForwardKl(alpha), 1, q, p), within(1e-12));
        }
    }

    @Test
    void impossibleOutcomes_costNothingWhereTheyHaveNoProbability() {
        double[] certain = {0, Double.NEGATIVE_INFINITY};
        for (Divergence one :
                List.of(new ForwardKl(), new GeneralizedJsd(0.3), new SkewForwardKl(0.1), new SkewReverseKl(0.1))) {
            double found = one.evaluate(certain, Q, new double[2]);
            assertThat(found).as(one.toString()).isPositive().isFinite();
            assertThat(one.evaluate(certain, certain, new double[2])).isCloseTo(0, within(1e-15));
        }
        assertThat(new ReverseKl().evaluate(certain, Q, new double[2])).isInfinite();
    }

    @Test
    void parametersOutOfRange_areRefused() {
        assertThatThrownBy(() -> new GeneralizedJsd(1.5)).hasMessage("beta: received 1.5, legal: [0, 1]");
        assertThatThrownBy(() -> new SkewForwardKl(1)).hasMessage("skew_alpha: received 1.0, legal: [0, 1)");
        assertThatThrownBy(() -> new SkewReverseKl(-0.1)).hasMessageContaining("skew_alpha");
        assertThatThrownBy(() -> new AdaptiveKl(Double.NaN)).hasMessageContaining("adaptive_mu");
        assertThatThrownBy(() -> new LogitDivergence(new ForwardKl(), 0)).hasMessageContaining("temperature");
        assertThatThrownBy(() -> value(new ForwardKl(), new double[3])).hasMessageContaining("slope 3");
    }
}
