package ai.preceptor.ranking.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.ranking.answer.RankedAnswer;
import ai.preceptor.testkit.GradientCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link PairLoss} owes. An implementation's test extends this. */
public abstract class PairLossContract {
    private static final long SEED = 20261129;
    private static final int ROUNDS = 50;

    /** The loss under test. */
    protected abstract PairLoss loss();

    private static RankedAnswer answer(Random random, double score) {
        int tokens = 1 + random.nextInt(30);
        double logp = -tokens * (0.1 + 3 * random.nextDouble());
        return new RankedAnswer(logp, logp + random.nextGaussian(), tokens, score);
    }

    private static List<AnswerPair> pairs(Random random) {
        List<AnswerPair> pairs = new ArrayList<>();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            pairs.add(new AnswerPair(answer(random, 1), answer(random, 0), 0.1 + random.nextDouble()));
        }
        return pairs;
    }

    private static RankedAnswer moved(RankedAnswer answer, double logp, double reference) {
        return new RankedAnswer(logp, reference, answer.tokens(), answer.score());
    }

    private static double[] logps(List<AnswerPair> pairs) {
        double[] logps = new double[2 * pairs.size()];
        for (int i = 0; i < pairs.size(); i++) {
            logps[2 * i] = pairs.get(i).chosen().logp();
            logps[2 * i + 1] = pairs.get(i).rejected().logp();
        }
        return logps;
    }

    private static List<AnswerPair> at(List<AnswerPair> pairs, double[] logps) {
        List<AnswerPair> all = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            AnswerPair pair = pairs.get(i);
            all.add(new AnswerPair(
                    moved(pair.chosen(), logps[2 * i], pair.chosen().referenceLogp()),
                    moved(pair.rejected(), logps[2 * i + 1], pair.rejected().referenceLogp()),
                    pair.weight()));
        }
        return all;
    }

    private double total(List<AnswerPair> pairs) {
        return loss().terms(pairs).stream().mapToDouble(PairTerm::loss).sum();
    }

    @Test
    void name_saysSomething() {
        assertThat(loss().name()).isNotBlank();
        assertThat(loss().imitation()).isFinite().isNotNegative();
    }

    @Test
    void terms_areOnePerPair_withTheGradientOfTheirSum() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            List<AnswerPair> pairs = pairs(random);
            List<PairTerm> terms = loss().terms(pairs);
            assertThat(terms).hasSameSizeAs(pairs);
            double[] gradient = new double[2 * terms.size()];
            for (int i = 0; i < terms.size(); i++) {
                gradient[2 * i] = terms.get(i).chosenSlope();
                gradient[2 * i + 1] = terms.get(i).rejectedSlope();
            }
            new GradientCheck(1e-6, 1e-5)
                    .verify(
                            "seed " + SEED + ", round " + round + ": " + pairs,
                            logps -> total(at(pairs, logps)),
                            logps(pairs),
                            gradient);
        }
    }

    @Test
    void terms_ofAPairOfWeightZero_costNothing() {
        AnswerPair pair = pairs(new Random(SEED)).get(0);
        PairTerm term = loss().terms(List.of(new AnswerPair(pair.chosen(), pair.rejected(), 0)))
                .get(0);
        assertThat(term.loss()).isCloseTo(0, within(0.0));
        assertThat(Math.abs(term.chosenSlope()) + Math.abs(term.rejectedSlope()))
                .isZero();
    }

    @Test
    void terms_withoutCoupling_areThoseOfEachPairByItself() {
        List<AnswerPair> pairs = pairs(new Random(SEED + 3));
        List<PairTerm> together = loss().terms(pairs);
        if (!loss().couplesPairs()) {
            for (int i = 0; i < pairs.size(); i++) {
                assertThat(loss().terms(List.of(pairs.get(i))))
                        .as("seed %d, pair %d", SEED + 3, i)
                        .containsExactly(together.get(i));
            }
        }
    }

    @Test
    void terms_withoutNeedOfAReference_doNotReadIt() {
        List<AnswerPair> pairs = pairs(new Random(SEED));
        List<AnswerPair> without = pairs.stream()
                .map(pair -> new AnswerPair(
                        moved(pair.chosen(), pair.chosen().logp(), Double.NaN),
                        moved(pair.rejected(), pair.rejected().logp(), Double.NaN),
                        pair.weight()))
                .toList();
        if (loss().needsReference()) {
            assertThat(total(without)).isNaN();
        } else {
            assertThat(total(without)).isEqualTo(total(pairs));
        }
    }
}
