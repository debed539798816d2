package ai.preceptor.ranking.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.ranking.answer.RankedAnswer;
import ai.preceptor.testkit.GradientCheck;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link GroupLoss} owes. An implementation's test extends this. */
public abstract class GroupLossContract {
    private static final long SEED = 20261129;
    private static final int ROUNDS = 50;

    /** The loss under test. */
    protected abstract GroupLoss loss();

    /** Answers with scores of their own. */
    private static List<RankedAnswer> group(Random random) {
        List<RankedAnswer> answers = new ArrayList<>();
        int size = 2 + random.nextInt(5);
        for (int i = 0; i < size; i++) {
            int tokens = 1 + random.nextInt(30);
            double logp = -tokens * (0.1 + 3 * random.nextDouble());
            answers.add(new RankedAnswer(logp, logp + random.nextGaussian(), tokens, i + random.nextDouble() / 2));
        }
        Collections.shuffle(answers, random);
        return answers;
    }

    private static List<RankedAnswer> at(List<RankedAnswer> answers, double[] logps) {
        List<RankedAnswer> moved = new ArrayList<>();
        for (int i = 0; i < logps.length; i++) {
            RankedAnswer answer = answers.get(i);
            moved.add(new RankedAnswer(logps[i], answer.referenceLogp(), answer.tokens(), answer.score()));
        }
        return moved;
    }

    @Test
    void name_saysSomething() {
        assertThat(loss().name()).isNotBlank();
    }

    @Test
    void gradient_isThatOfTheLoss() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            List<RankedAnswer> answers = group(random);
            GroupLossResult found = loss().evaluate(answers);
            assertThat(found.gradient()).hasSize(answers.size());
            assertThat(found.rewards()).hasSize(answers.size());
            new GradientCheck(1e-6, 1e-5)
                    .verify(
                            "seed " + SEED + ", round " + round + ": " + answers,
                            logps -> loss().evaluate(at(answers, logps)).loss(),
                            answers.stream().mapToDouble(RankedAnswer::logp).toArray(),
                            found.gradient());
        }
    }

    @Test
    void loss_doesNotDependOnTheOrderOfTheAnswers() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            List<RankedAnswer> answers = group(random);
            double value = loss().evaluate(answers).loss();
            List<RankedAnswer> shuffled = new ArrayList<>(answers);
            Collections.shuffle(shuffled, random);
            assertThat(loss().evaluate(shuffled).loss())
                    .as("seed %d, round %d", SEED, round)
                    .isCloseTo(value, within(1e-9 * Math.max(1, Math.abs(value))));
        }
    }

    @Test
    void loss_withoutNeedOfAReference_doesNotReadIt() {
        List<RankedAnswer> answers = group(new Random(SEED));
        List<RankedAnswer> without = answers.stream()
                .map(answer -> new RankedAnswer(answer.logp(), Double.NaN, answer.tokens(), answer.score()))
                .toList();
        if (loss().needsReference()) {
            assertThat(loss().evaluate(without).loss()).isNaN();
        } else {
            assertThat(loss().evaluate(without).loss())
                    .isEqualTo(loss().evaluate(answers).loss());
        }
    }
}
