package ai.preceptor.policy.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GeneralizedAdvantageCreditTest extends CreditAssignmentContract {
    private static final long SEED = 20261129;
    private static final GeneralizedAdvantageCredit HALF =
            new GeneralizedAdvantageCredit(new GeneralizedAdvantage(1, 0.5));

    /** With a critic that says something of every token. */
    @Override
    protected CreditAssignment credit() {
        return new CreditAssignment() {
            @Override
            public Credit assign(ScoredAnswers batch) {
                List<double[]> values = new ArrayList<>();
                for (int i = 0; i < batch.size(); i++) {
                    values.add(new Random(batch.length(i))
                            .doubles(batch.length(i), -1, 1)
                            .toArray());
                }
                return HALF.assign(with(batch, values));
            }

            @Override
            public String name() {
                return HALF.name();
            }

            @Override
            public int fewestScored() {
                return HALF.fewestScored();
            }
        };
    }

    private static ScoredAnswers with(ScoredAnswers batch, List<double[]> values) {
        return new ScoredAnswers(batch.scores(), batch.kl(), batch.groups(), batch.beta(), Map.of(), values, null);
    }

    /** A batch of answers of 1 to 6 tokens. */
    private static ScoredAnswers batch() {
        Random random = new Random(SEED);
        List<double[]> kl = new ArrayList<>();
        List<double[]> values = new ArrayList<>();
        for (int tokens = 1; tokens <= 6; tokens++) {
            kl.add(random.doubles(tokens, -1, 1).toArray());
            values.add(random.doubles(tokens, -1, 1).toArray());
        }
        double[] scores = random.doubles(6, -2, 2).toArray();
        return with(new ScoredAnswers(scores, kl, new int[] {0, 0, 1, 1, 2, 2}, 0.5), values);
    }

    /**
     * Beta 2, lambda 0.5. Rewards of the first answer: -2 and 2 - 2 = 0; values 1 and 0.5: deltas -2.5 and -0.5, advantages
     * -2.75 and -0.5. The second: reward 1, value 0.25, advantage 0.75. Their mean is -2.5 / 3, so they are -5.75 / 3, 1 / 3
     * and 4.75 / 3 from it, over a variance of (33.0625 + 1 + 22.5625) / 18.
     */
    @Test
    void assign_isTheHandWorkedValue() {
        ScoredAnswers batch = with(
                new ScoredAnswers(
                        new double[] {2, 1}, List.of(new double[] {1, 1}, new double[] {0}), new int[] {0, 1}, 2),
                List.of(new double[] {1, 0.5}, new double[] {0.25}));
        Credit credit = HALF.assign(batch);
        double unit = 1 / Math.sqrt(56.625 / 18) / 3;
        assertThat(credit.advantages().get(0)).containsExactly(new double[] {-5.75 * unit, unit}, within(1e-7));
        assertThat(credit.advantages().get(1)).containsExactly(new double[] {4.75 * unit}, within(1e-7));
        assertThat(credit.returns()).hasSize(2);
        assertThat(credit.returns().get(0)).containsExactly(-1.75, 0);
        assertThat(credit.returns().get(1)).containsExactly(1);
    }

    /** The critic learns what followed, whatever the policy's lambda. */
    @Test
    void assign_lambdaOfTheTargets_changesTheReturnsAlone() {
        ScoredAnswers batch = batch();
        Credit same = HALF.assign(batch);
        Credit other = new GeneralizedAdvantageCredit(new GeneralizedAdvantage(1, 0.5), 1, false).assign(batch);
        for (int i = 0; i < batch.size(); i++) {
            assertThat(other.advantages().get(i))
                    .containsExactly(same.advantages().get(i));
            double toGo = 0;
            for (int t = batch.length(i) - 1; t >= 0; t--) {
                toGo += batch.tokenRewards(i)[t];
                assertThat(other.returns().get(i)[t]).isCloseTo(toGo, within(1e-12));
            }
        }
        assertThat(same.returns().get(5)).isNotEqualTo(other.returns().get(5));
    }

    @Test
    void assign_lambdaOneAndValuesOfZero_isReinforcePlusPlus() {
        ScoredAnswers batch = batch();
        List<double[]> zeros =
                batch.kl().stream().map(tokens -> new double[tokens.length]).toList();
        Credit found = new GeneralizedAdvantageCredit(new GeneralizedAdvantage(1, 1)).assign(with(batch, zeros));
        Credit expected = new CreditAssignment.TokenReturns().assign(batch);
        for (int i = 0; i < batch.size(); i++) {
            assertThat(found.advantages().get(i))
                    .containsExactly(expected.advantages().get(i));
        }
    }

    @Test
    void assign_answersInAnotherOrder_getTheSame() {
        ScoredAnswers batch = batch();
        Credit expected = HALF.assign(batch);
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5));
        Collections.shuffle(order, new Random(SEED));
        List<double[]> values = batch.values();
        assertThat(values).isNotNull();
        Credit found = HALF.assign(with(
                new ScoredAnswers(
                        order.stream().mapToDouble(i -> batch.scores()[i]).toArray(),
                        order.stream().map(batch.kl()::get).toList(),
                        order.stream().mapToInt(i -> batch.groups()[i]).toArray(),
                        batch.beta()),
                order.stream().map(values::get).toList()));
        for (int j = 0; j < 6; j++) {
            assertThat(found.advantages().get(j))
                    .as("seed %d", SEED)
                    .containsExactly(expected.advantages().get(order.get(j)), within(1e-12));
            assertThat(found.returns().get(j))
                    .containsExactly(expected.returns().get(order.get(j)));
        }
    }

    /** Rewards -1 and 2, and 1: a mean of 2 / 3 that stays, a deviation of sqrt(7 / 3) that goes. */
    @Test
    void assign_whitenedRewards_areScaledAndNotShifted() {
        ScoredAnswers batch = with(
                new ScoredAnswers(
                        new double[] {2, 1}, List.of(new double[] {1, 0}, new double[] {0}), new int[] {0, 1}, 1),
                List.of(new double[2], new double[1]));
        Credit credit = new GeneralizedAdvantageCredit(new GeneralizedAdvantage(1, 1), 1, true).assign(batch);
        double scale = Math.sqrt(3.0 / 7);
        double mean = 2.0 / 3;
        double[] first = {(-1 - mean) * scale + mean, (2 - mean) * scale + mean};
        assertThat(credit.returns().get(0)).containsExactly(new double[] {first[0] + first[1], first[1]}, within(1e-7));
        assertThat(credit.returns().get(1)).containsExactly(new double[] {(1 - mean) * scale + mean}, within(1e-7));
    }

    @Test
    void assign_unscored_hasNoReturns() {
        ScoredAnswers batch = batch();
        double[] scores = batch.scores().clone();
        scores[2] = Double.NaN;
        ScoredAnswers some =
                new ScoredAnswers(scores, batch.kl(), batch.groups(), batch.beta(), Map.of(), batch.values(), null);
        Credit credit = HALF.assign(some);
        assertThat(credit.advantages().get(2)).containsOnly(0);
        assertThat(Arrays.stream(credit.returns().get(2)).allMatch(Double::isNaN))
                .isTrue();
        assertThat(credit.returns().get(3))
                .containsExactly(HALF.assign(batch).returns().get(3));
    }

    @Test
    void impossibleNumbers_areRefused() {
        assertThatThrownBy(() -> new GeneralizedAdvantageCredit(new GeneralizedAdvantage(1, 1), 1.5, false))
                .hasMessage("value_lambda: 1.5, must be in [0, 1]");
        assertThatThrownBy(() -> HALF.assign(new ScoredAnswers(new double[1], List.of(new double[1]), new int[1], 0)))
                .hasMessageContaining("values: none, must be a critic's");
    }
}
