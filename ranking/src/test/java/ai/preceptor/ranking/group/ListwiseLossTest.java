package ai.preceptor.ranking.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.ranking.answer.RankedAnswer;
import ai.preceptor.ranking.pair.DpoLoss;
import ai.preceptor.ranking.pair.GroupAsPairs;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ListwiseLossTest {

    private static final long SEED = 20261124;

    private static RankedAnswer answer(double logratio, double score) {
        return new RankedAnswer(-20 + logratio, -20, 5, score);
    }

    /** Implicit rewards 2, 1, 0 in the right order: log(e^2 + e + 1) - 2 + log(e + 1) - 1. */
    @Test
    void plackettLuce_isTheHandWorkedValue() {
        GroupLossResult value = new PlackettLuceLoss(ListwiseScore.IMPLICIT_REWARD, 0.5)
                .evaluate(List.of(answer(2, 5), answer(0, 1), answer(4, 7)));
        double expected = Math.log(Math.exp(2) + Math.E + 1) - 2 + Math.log(Math.E + 1) - 1;
        assertThat(value.loss()).isCloseTo(expected, within(1e-12));
        assertThat(value.rewards()).containsExactly(new double[] {1, 0, 2}, within(1e-12));
    }

    @Test
    void plackettLuce_ofTwo_isDpo() {
        Random random = new Random(SEED);
        for (int round = 0; round < 100; round++) {
            List<RankedAnswer> pair = List.of(answer(random.nextGaussian(), 1), answer(random.nextGaussian(), 0));
            assertThat(new PlackettLuceLoss(ListwiseScore.IMPLICIT_REWARD, 0.3)
                            .evaluate(pair)
                            .loss())
                    .as("seed %d round %d", SEED, round)
                    .isCloseTo(GroupAsPairs.evaluate(DpoLoss.sigmoid(0.3), pair).loss(), within(1e-12));
        }
    }

    @Test
    void listMle_withoutTies_isProWithoutTemperature() {
        List<RankedAnswer> group = List.of(
                new RankedAnswer(-9, Double.NaN, 3, 2),
                new RankedAnswer(-4, Double.NaN, 4, 3),
                new RankedAnswer(-7, Double.NaN, 2, 1));
        GroupLossResult pro = new ProLoss(ProTemperature.NONE, 0).evaluate(group);
        GroupLossResult mle = new PlackettLuceLoss(ListwiseScore.MEAN_LOGP, 0.1).evaluate(group);
        assertThat(mle.loss()).isCloseTo(pro.loss(), within(1e-12));
        assertThat(mle.gradient()).containsExactly(pro.gradient(), within(1e-12));
    }

    @Test
    void plackettLuce_ties_areNotContrasted() {
        GroupLossResult value =
                new PlackettLuceLoss(ListwiseScore.IMPLICIT_REWARD, 0.5).evaluate(List.of(answer(3, 1), answer(-2, 1)));
        assertThat(value.loss()).isZero();
        assertThat(value.gradient()).containsOnly(0);
    }

    /**
     * Grades 1 and 0, rewards 0 and 1, so the better one ranks second: D = |2 - 1| (1/log 2 - 1/log 3), L = D log(1 + e).
     */
    @Test
    void lambda_isTheHandWorkedValue() {
        GroupLossResult value = new LambdaLoss(0.5).evaluate(List.of(answer(0, 30), answer(2, 10)));
        double weight = 1 / Math.log(2) - 1 / Math.log(3);
        assertThat(value.loss()).isCloseTo(weight * Math.log1p(Math.E), within(1e-12));
        assertThat(value.gradient()[0]).isCloseTo(-weight * 0.5 * Math.E / (1 + Math.E), within(1e-12));
    }

    /** The top of the list matters more: of two equal margins the one that ranks higher weighs more. */
    @Test
    void lambda_weighsTheTopMore() {
        double[] gradient = new LambdaLoss(0.5)
                .evaluate(List.of(answer(10, 2), answer(8, 1), answer(-8, 1), answer(-10, 0)))
                .gradient();
        assertThat(Math.abs(gradient[1])).isGreaterThan(Math.abs(gradient[2]));
    }
}
