package ai.preceptor.ranking.unpaired;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.testkit.GradientCheck;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link UnpairedLoss} owes. An implementation's test extends this. */
public abstract class UnpairedLossContract {
    private static final long SEED = 20261129;
    private static final int ROUNDS = 100;

    /** The loss under test. */
    protected abstract UnpairedLoss loss();

    private static LabeledAnswer answer(Random random) {
        int tokens = 1 + random.nextInt(30);
        double logp = -tokens * (0.1 + 3 * random.nextDouble());
        return new LabeledAnswer(logp, logp + random.nextGaussian(), tokens, random.nextBoolean());
    }

    private static LabeledAnswer at(LabeledAnswer answer, double logp, double reference) {
        return new LabeledAnswer(logp, reference, answer.tokens(), answer.desirable());
    }

    @Test
    void name_saysSomething() {
        assertThat(loss().name()).isNotBlank();
    }

    @Test
    void term_hasTheGradientOfItsLoss() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            LabeledAnswer answer = answer(random);
            double baseline = random.nextDouble();
            new GradientCheck(1e-6, 1e-5)
                    .verify(
                            "seed " + SEED + ", round " + round + ": " + answer,
                            logp -> loss().term(at(answer, logp[0], answer.referenceLogp()), baseline)
                                    .loss(),
                            new double[] {answer.logp()},
                            new double[] {loss().term(answer, baseline).slope()});
        }
    }

    @Test
    void reward_isFinite() {
        Random random = new Random(SEED + 1);
        for (int round = 0; round < ROUNDS; round++) {
            assertThat(loss().reward(answer(random))).as("seed %d", SEED + 1).isFinite();
        }
    }

    @Test
    void baseline_none_isNotRead() {
        LabeledAnswer answer = answer(new Random(SEED + 2));
        if (loss().baseline() == UnpairedLoss.Baseline.NONE) {
            assertThat(loss().term(answer, 1)).isEqualTo(loss().term(answer, 0));
        } else {
            assertThat(loss().term(answer, 1)).isNotEqualTo(loss().term(answer, 0));
        }
    }

    @Test
    void term_withoutNeedOfAReference_doesNotReadIt() {
        LabeledAnswer answer = answer(new Random(SEED + 3));
        LabeledAnswer without = at(answer, answer.logp(), Double.NaN);
        if (loss().needsReference()) {
            assertThat(loss().term(without, 0.5).loss()).isNaN();
        } else {
            assertThat(loss().baseline()).isNotEqualTo(UnpairedLoss.Baseline.MISMATCHED_KL);
            assertThat(loss().term(without, 0.5)).isEqualTo(loss().term(answer, 0.5));
            assertThat(loss().reward(without)).isEqualTo(loss().reward(answer));
        }
    }
}
