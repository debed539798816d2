package ai.preceptor.ranking.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.ranking.answer.RankedAnswer;
import ai.preceptor.ranking.answer.SequenceScore;
import ai.preceptor.testkit.GradientCheck;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every ranking loss owes, whatever its numbers. */
class RankingLossPropertiesTest {

    private static final long SEED = 20261124;
    private static final int ROUNDS = 200;

    /** Random legal settings of every loss. */
    static Stream<Function<Random, GroupLoss>> losses() {
        return Stream.of(
                random -> new RrhfLoss(
                        3 * random.nextDouble(),
                        new SequenceScore(2 * random.nextDouble()),
                        SftReduction.values()[random.nextInt(2)]),
                random -> new ProLoss(
                        ProTemperature.values()[random.nextInt(2)],
                        random.nextDouble(),
                        ProTies.values()[random.nextInt(2)]),
                random -> new PlackettLuceLoss(
                        ListwiseScore.values()[random.nextInt(2)], Math.exp(random.nextGaussian() - 2)),
                random -> new LambdaLoss(Math.exp(random.nextGaussian() - 2)));
    }

    private static List<RankedAnswer> group(Random random) {
        List<RankedAnswer> answers = new ArrayList<>();
        int size = 2 + random.nextInt(5);
        for (int i = 0; i < size; i++) {
            int tokens = 1 + random.nextInt(30);
            double logp = -tokens * 4 * random.nextDouble();
            // few distinct scores, so that ties are common
            answers.add(new RankedAnswer(logp, logp + 3 * random.nextGaussian(), tokens, random.nextInt(5) - 2));
        }
        return answers;
    }

    private static double[] logps(List<RankedAnswer> answers) {
        return answers.stream().mapToDouble(RankedAnswer::logp).toArray();
    }

    private static List<RankedAnswer> withLogps(List<RankedAnswer> answers, double[] logps) {
        List<RankedAnswer> moved = new ArrayList<>();
        for (int i = 0; i < logps.length; i++) {
            RankedAnswer answer = answers.get(i);
            moved.add(new RankedAnswer(logps[i], answer.referenceLogp(), answer.tokens(), answer.score()));
        }
        return moved;
    }

    @ParameterizedTest
    @MethodSource("losses")
    void gradient_agreesWithDifferences(Function<Random, GroupLoss> settings) {
        Random random = new Random(SEED);
        GradientCheck check = new GradientCheck(1e-6, 1e-6);
        for (int round = 0; round < ROUNDS; round++) {
            GroupLoss loss = settings.apply(random);
            List<RankedAnswer> answers = group(random);
            check.verify(
                    "seed " + SEED + " round " + round + " " + loss + " " + answers,
                    logps -> loss.evaluate(withLogps(answers, logps)).loss(),
                    logps(answers),
                    loss.evaluate(answers).gradient());
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void loss_doesNotDependOnTheOrderOfTheAnswers(Function<Random, GroupLoss> settings) {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            GroupLoss loss = settings.apply(random);
            List<RankedAnswer> answers = distinct(group(random));
            List<RankedAnswer> shuffled = new ArrayList<>(answers);
            Collections.shuffle(shuffled, random);
            double value = loss.evaluate(answers).loss();
            assertThat(loss.evaluate(shuffled).loss())
                    .as("seed %d round %d %s %s", SEED, round, loss, answers)
                    .isCloseTo(value, within(1e-9 * Math.max(1, Math.abs(value))));
        }
    }

    /** Raising the best answer's likelihood never raises the loss of any of them. */
    @ParameterizedTest
    @MethodSource("losses")
    void gradient_ofTheBestAnswerIsNeverPositive(Function<Random, GroupLoss> settings) {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            GroupLoss loss = settings.apply(random);
            List<RankedAnswer> answers = distinct(group(random));
            assertThat(loss.evaluate(answers).gradient()[RankedAnswer.best(answers)])
                    .as("seed %d round %d %s %s", SEED, round, loss, answers)
                    .isLessThanOrEqualTo(0);
        }
    }

    /** The same answers without ties: the first of several best ones depends on the order. */
    private static List<RankedAnswer> distinct(List<RankedAnswer> answers) {
        List<RankedAnswer> distinct = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            RankedAnswer answer = answers.get(i);
            distinct.add(new RankedAnswer(
                    answer.logp(), answer.referenceLogp(), answer.tokens(), answer.score() + i / 100.0));
        }
        return distinct;
    }
}
