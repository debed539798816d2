package ai.preceptor.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.testkit.GradientCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every reward loss owes, whatever its numbers. */
class RewardLossPropertiesTest {

    private static final long SEED = 20261124;
    private static final int ROUNDS = 200;

    static Stream<RankedRewardLoss> losses() {
        return Stream.of(
                new PlackettLuceRewardLoss(),
                new PlackettLuceRewardLoss(0.01),
                new AllPairsLoss(new BradleyTerryLoss()),
                new AllPairsLoss(new BradleyTerryLoss(0.01)));
    }

    private static double[] rewards(Random random, int count) {
        return random.doubles(count, -4, 4).toArray();
    }

    /** Few distinct scores, so that ties are common. */
    private static List<Double> scores(Random random, int count) {
        return random.ints(count, 0, 5).mapToObj(score -> score / 2.0).toList();
    }

    @ParameterizedTest
    @MethodSource("losses")
    void gradient_agreesWithDifferences(RankedRewardLoss loss) {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            int count = 2 + random.nextInt(5);
            List<Double> scores = scores(random, count);
            double[] rewards = rewards(random, count);
            new GradientCheck(1e-5, 1e-7)
                    .verify(
                            "seed " + SEED + " round " + round + " " + loss + " " + scores,
                            r -> loss.evaluate(r, scores).loss(),
                            rewards,
                            loss.evaluate(rewards, scores).slopes());
        }
    }

    @Test
    void gradient_ofSoftPairs_agreesWithDifferences() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            BradleyTerryLoss loss = new BradleyTerryLoss(random.nextInt(2) * 0.02);
            double margin = random.nextDouble(-1, 2);
            double probability = random.nextDouble();
            double[] rewards = rewards(random, 2);
            BradleyTerryLoss.Term term = loss.evaluate(rewards[0], rewards[1], margin, probability);
            new GradientCheck(1e-5, 1e-7)
                    .verify(
                            "seed " + SEED + " round " + round,
                            r -> loss.evaluate(r[0], r[1], margin, probability).loss(),
                            rewards,
                            new double[] {term.chosenSlope(), term.rejectedSlope()});
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void loss_doesNotDependOnTheOrderOfTheAnswers(RankedRewardLoss loss) {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            int count = 2 + random.nextInt(5);
            double[] rewards = rewards(random, count);
            List<Double> scores = scores(random, count);
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                order.add(i);
            }
            Collections.shuffle(order, random);
            double[] moved = order.stream().mapToDouble(i -> rewards[i]).toArray();
            assertThat(loss.evaluate(moved, order.stream().map(scores::get).toList())
                            .loss())
                    .as("seed %d round %d", SEED, round)
                    .isCloseTo(loss.evaluate(rewards, scores).loss(), within(1e-12));
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void loss_ofShiftedRewards_isTheSameWithoutCentring(RankedRewardLoss loss) {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            int count = 2 + random.nextInt(5);
            double[] rewards = rewards(random, count);
            List<Double> scores = scores(random, count);
            double[] shifted = Arrays.stream(rewards).map(reward -> reward + 7).toArray();
            double value = loss.evaluate(rewards, scores).loss();
            boolean centred = loss.toString().contains("0.01");
            boolean tied = scores.stream().distinct().count() == 1;
            if (!centred) {
                assertThat(loss.evaluate(shifted, scores).loss())
                        .as("seed %d round %d %s", SEED, round, scores)
                        .isCloseTo(value, within(1e-12));
            } else if (!tied) {
                assertThat(loss.evaluate(shifted, scores).loss())
                        .as("seed %d round %d %s", SEED, round, scores)
                        .isGreaterThan(value);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.03})
    void loss_ofTwoAnswers_isBradleyTerry(double centring) {
        Random random = new Random(SEED);
        BradleyTerryLoss pair = new BradleyTerryLoss(centring);
        for (int round = 0; round < ROUNDS; round++) {
            double[] rewards = rewards(random, 2);
            BradleyTerryLoss.Term expected = pair.evaluate(rewards[0], rewards[1], 0);
            for (RankedRewardLoss loss : List.of(new PlackettLuceRewardLoss(centring), new AllPairsLoss(pair))) {
                RankedRewardLoss.Term term = loss.evaluate(rewards, List.of(3.0, 1.0));
                assertThat(term.loss()).as("seed %d round %d", SEED, round).isCloseTo(expected.loss(), within(1e-12));
                assertThat(term.slopes())
                        .containsExactly(
                                new double[] {expected.chosenSlope(), expected.rejectedSlope()}, within(1e-12));
            }
        }
    }

    /** The likelihoods of all orders of distinct scores add up to 1. */
    @Test
    void plackettLuce_isADistributionOverOrders() {
        Random random = new Random(SEED);
        double[][] orders = {{1, 2, 3}, {1, 3, 2}, {2, 1, 3}, {2, 3, 1}, {3, 1, 2}, {3, 2, 1}};
        for (int round = 0; round < ROUNDS; round++) {
            double[] rewards = rewards(random, 3);
            double total = 0;
            for (double[] order : orders) {
                total += Math.exp(-new PlackettLuceRewardLoss()
                        .evaluate(rewards, Arrays.stream(order).boxed().toList())
                        .loss());
            }
            assertThat(total).as("seed %d round %d", SEED, round).isCloseTo(1, within(1e-12));
        }
    }

    @Test
    void softLabel_ofOne_isTheHardOne_ofZero_theSwappedOne() {
        Random random = new Random(SEED);
        BradleyTerryLoss loss = new BradleyTerryLoss(0.01);
        for (int round = 0; round < ROUNDS; round++) {
            double[] r = rewards(random, 2);
            double margin = random.nextDouble();
            assertThat(loss.evaluate(r[0], r[1], margin, 1))
                    .as("seed %d round %d", SEED, round)
                    .isEqualTo(loss.evaluate(r[0], r[1], margin));
            BradleyTerryLoss.Term swapped = loss.evaluate(r[1], r[0], margin);
            assertThat(loss.evaluate(r[0], r[1], margin, 0).loss()).isCloseTo(swapped.loss(), within(1e-12));
        }
    }

    @Test
    void softLabel_swappedPairOfTheOtherProbability_costsTheSame() {
        Random random = new Random(SEED);
        BradleyTerryLoss loss = new BradleyTerryLoss(0.01);
        for (int round = 0; round < ROUNDS; round++) {
            double[] r = rewards(random, 2);
            double margin = random.nextDouble();
            double probability = random.nextDouble();
            BradleyTerryLoss.Term term = loss.evaluate(r[0], r[1], margin, probability);
            BradleyTerryLoss.Term swapped = loss.evaluate(r[1], r[0], margin, 1 - probability);
            assertThat(swapped.loss()).as("seed %d round %d", SEED, round).isCloseTo(term.loss(), within(1e-12));
            assertThat(swapped.chosenSlope()).isCloseTo(term.rejectedSlope(), within(1e-12));
        }
    }

    /** The loss is least where the model's probability is the teacher's; at 0.5 that is where the rewards are equal. */
    @Test
    void softLabel_hasItsMinimumAtTheTeachersLogit() {
        Random random = new Random(SEED);
        BradleyTerryLoss loss = new BradleyTerryLoss();
        for (int round = 0; round < ROUNDS; round++) {
            double probability = round == 0 ? 0.5 : random.nextDouble(0.01, 0.99);
            double logit = Math.log(probability / (1 - probability));
            double level = random.nextGaussian();
            BradleyTerryLoss.Term least = loss.evaluate(level + logit, level, 0, probability);
            assertThat(least.chosenSlope()).as("seed %d round %d", SEED, round).isCloseTo(0, within(1e-12));
            for (double away : new double[] {-0.5, -0.01, 0.01, 0.5}) {
                assertThat(loss.evaluate(level + logit + away, level, 0, probability)
                                .loss())
                        .as("seed %d round %d away %s", SEED, round, away)
                        .isGreaterThan(least.loss());
            }
        }
        assertThat(loss.evaluate(0.3, 0.3, 0, 0.5).loss()).isCloseTo(Math.log(2), within(1e-12));
    }

    @Test
    void margin_asksForMore() {
        Random random = new Random(SEED);
        BradleyTerryLoss loss = new BradleyTerryLoss();
        for (int round = 0; round < ROUNDS; round++) {
            double[] r = rewards(random, 2);
            double margin = random.nextDouble(3);
            double probability = random.nextDouble(0.5, 1);
            assertThat(loss.evaluate(r[0], r[1], margin + 0.1, probability).loss())
                    .as("seed %d round %d", SEED, round)
                    .isGreaterThan(
                            loss.evaluate(r[0], r[1], margin, probability).loss());
        }
    }

    /** Raising the best answer's reward never costs more, without centring. */
    @Test
    void gradient_ofTheBestAnswerIsNeverPositive() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            int count = 2 + random.nextInt(5);
            List<Double> scores = scores(random, count);
            int best = scores.indexOf(Collections.max(scores));
            for (RankedRewardLoss loss :
                    List.of(new PlackettLuceRewardLoss(), new AllPairsLoss(new BradleyTerryLoss()))) {
                assertThat(loss.evaluate(rewards(random, count), scores).slopes()[best])
                        .as("seed %d round %d %s", SEED, round, scores)
                        .isLessThanOrEqualTo(0);
            }
        }
    }
}
