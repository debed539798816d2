package ai.preceptor.policy.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Baselines of whole batches, by hand and by their contract. */
class BaselinesTest {
    private static final double NAN = Double.NaN;

    private static List<double[]> tokens(int... lengths) {
        return Arrays.stream(lengths).mapToObj(double[]::new).toList();
    }

    private static ScoredAnswers batch(double[] scores, int[] groups, int... lengths) {
        return new ScoredAnswers(scores, tokens(lengths), groups, 0);
    }

    /** Rewards 1, 2, 6 of 1, 2, 3 tokens: the baseline is (1 + 4 + 18) / 6. */
    @Test
    void optimalBaseline_isTheMeanWeightedByLength() {
        List<double[]> found = new OptimalBaseline()
                .assign(batch(new double[] {1, 2, 6, 5, NAN}, new int[] {0, 0, 0, 1, 1}, 1, 2, 3, 1, 2))
                .advantages();
        double baseline = 23.0 / 6;
        assertThat(found.get(0)).containsExactly(new double[] {1 - baseline}, within(1e-12));
        assertThat(found.get(1)).containsExactly(new double[] {2 - baseline, 2 - baseline}, within(1e-12));
        assertThat(found.get(2)[2]).isCloseTo(6 - baseline, within(1e-12));
        assertThat(found.get(3)).as("nothing to compare with").containsExactly(0);
        assertThat(found.get(4)).containsExactly(0, 0);
    }

    /** A penalty of 2 x (0.5 + 0.5) makes the second reward 2 - 2: the baseline is (1 + 0) / 3. */
    @Test
    void optimalBaseline_countsTheKlInTheReward() {
        List<double[]> found = new OptimalBaseline()
                .assign(new ScoredAnswers(
                        new double[] {1, 2}, List.of(new double[1], new double[] {0.5, 0.5}), new int[2], 2))
                .advantages();
        assertThat(found.get(0)).containsExactly(new double[] {2.0 / 3}, within(1e-12));
        assertThat(found.get(1)).containsExactly(new double[] {-1.0 / 3, -1.0 / 3}, within(1e-12));
    }

    /** Distances to the means -1, 1 (two tokens) and -2, 2: mean 0.2 over five tokens, squares 10.8. */
    @Test
    void whitenedGroupMean_isWhitenedOverTokens() {
        List<double[]> found = new WhitenedGroupMean()
                .assign(batch(new double[] {1, 3, 4, 8, 9}, new int[] {0, 0, 1, 1, 2}, 1, 2, 1, 1, 1))
                .advantages();
        double deviation = Math.sqrt(10.8 / 4);
        assertThat(found.get(0)).containsExactly(new double[] {-1.2 / deviation}, within(1e-7));
        assertThat(found.get(1)).containsExactly(new double[] {0.8 / deviation, 0.8 / deviation}, within(1e-7));
        assertThat(found.get(2)).containsExactly(new double[] {-2.2 / deviation}, within(1e-7));
        assertThat(found.get(3)).containsExactly(new double[] {1.8 / deviation}, within(1e-7));
        assertThat(found.get(4)).as("a lone answer").containsExactly(0);
    }

    /** Beta 2: rewards -2, 3 - 2 give returns -1 and 1, minus the greedy answer's 0.5. */
    @Test
    void greedyBaseline_isTheReturnMinusTheGreedyScore() {
        ScoredAnswers plain = new ScoredAnswers(
                new double[] {3, 5, NAN}, List.of(new double[] {1, 1}, new double[1], new double[1]), new int[3], 2);
        List<double[]> found = new GreedyBaseline()
                .assign(withBaselines(plain, new double[] {0.5, NAN, 1}))
                .advantages();
        assertThat(found.get(0)).containsExactly(-1.5, 0.5);
        assertThat(found.get(1)).as("no greedy score").containsExactly(0);
        assertThat(found.get(2)).as("unscored").containsExactly(0);
    }

    @Test
    void greedyBaseline_withoutGreedyAnswers_isRefused() {
        assertThatThrownBy(() -> new GreedyBaseline().assign(batch(new double[] {1}, new int[1], 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("baselines: none");
    }

    private static ScoredAnswers withBaselines(ScoredAnswers batch, double[] baselines) {
        return new ScoredAnswers(
                batch.scores(), batch.kl(), batch.groups(), batch.beta(), Map.of(), batch.values(), baselines);
    }

    /**
     * One scorer of large and one of small numbers, weights 1 and 0.5: in group 0 normalized to -1, 1 and 1, -1 over the
     * square root of 2, in group 1 the second is constant.
     */
    @Test
    void normalizedParts_noScorersSpreadHidesAnothers() {
        Map<String, ScoredPart> parts = Map.of(
                "large", new ScoredPart(new double[] {100, 300, 0, 400}, 1),
                "small", new ScoredPart(new double[] {0.3, 0.1, 0.7, 0.7}, 0.5));
        ScoredAnswers batch = new ScoredAnswers(
                new double[] {100.15, 300.05, 0.35, 400.35},
                tokens(1, 1, 1, 2),
                new int[] {0, 0, 1, 1},
                0,
                parts,
                null,
                null);
        double unit = 1 / Math.sqrt(2);
        double small = 0.1 / (0.2 * unit + 1e-4);
        double large = 100 / (200 * unit + 1e-4);
        double[] sums = {
            -large + 0.5 * small, large - 0.5 * small, -200 / (400 * unit + 1e-4), 200 / (400 * unit + 1e-4)
        };
        double deviation = Math.sqrt(Arrays.stream(sums).map(x -> x * x).sum() / 3) + 1e-4;
        List<double[]> found = new NormalizedParts().assign(batch).advantages();
        for (int i = 0; i < 4; i++) {
            assertThat(found.get(i)[0]).isCloseTo(sums[i] / deviation, within(1e-9));
        }
        assertThat(found.get(3)).hasSize(2);
        assertThat(sums[1]).as("half of the second scorer against the first").isCloseTo(0.5 * unit, within(1e-3));
    }

    /** One scorer gave nothing for an answer that has a score: it adds nothing, and is in nobody's mean. */
    @Test
    void normalizedParts_partThatIsMissing_addsNothing() {
        Map<String, ScoredPart> parts = Map.of(
                "a", new ScoredPart(new double[] {1, 3, NAN}, 1), "b", new ScoredPart(new double[] {NAN, NAN, 2}, 1));
        ScoredAnswers batch =
                new ScoredAnswers(new double[] {1, 3, 2}, tokens(1, 1, 1), new int[3], 0, parts, null, null);
        List<double[]> found = new NormalizedParts().assign(batch).advantages();
        assertThat(found.get(2)).containsExactly(new double[] {0}, within(1e-12));
        assertThat(found.get(0)[0]).isEqualTo(-found.get(1)[0]).isNegative();
    }

    @Nested
    class Optimal extends CreditAssignmentContract {
        @Override
        protected CreditAssignment credit() {
            return new OptimalBaseline();
        }
    }

    @Nested
    class Whitened extends CreditAssignmentContract {
        @Override
        protected CreditAssignment credit() {
            return new WhitenedGroupMean();
        }
    }

    @Nested
    class Greedy extends CreditAssignmentContract {
        @Override
        protected CreditAssignment credit() {
            return new GreedyBaseline();
        }

        @Override
        protected ScoredAnswers completed(ScoredAnswers batch) {
            double[] baselines = new double[batch.size()];
            Arrays.setAll(baselines, i -> 0.1 * batch.groups()[i]);
            return withBaselines(batch, baselines);
        }
    }

    @Nested
    class Normalized extends CreditAssignmentContract {
        @Override
        protected CreditAssignment credit() {
            return new NormalizedParts();
        }

        /** A second scorer of half the weight, with other numbers. */
        @Override
        protected ScoredAnswers completed(ScoredAnswers batch) {
            double[] other = new double[batch.size()];
            Arrays.setAll(other, i -> Math.sin(3 * batch.scores()[i]));
            Map<String, ScoredPart> parts =
                    Map.of("first", new ScoredPart(batch.scores(), 1), "second", new ScoredPart(other, 0.5));
            return new ScoredAnswers(batch.scores(), batch.kl(), batch.groups(), batch.beta(), parts, null, null);
        }
    }
}
