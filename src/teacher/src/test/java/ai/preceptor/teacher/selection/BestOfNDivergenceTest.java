package ai.preceptor.teacher.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.teacher.elicit.Elicited;
import ai.preceptor.teacher.elicit.ScoredAnswer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * How far {@code select=best_of_n} moves from the student, exactly: all tuples of n answers that a distribution over a few
 * answers can give are selected from. The KL is at most ln n - (n - 1) / n (Beirami et al. 2024, arXiv:2401.01879, theorem 1),
 * and near it where no answer is likely and no two scores are equal.
 */
class BestOfNDivergenceTest {
    private static final AnswerSelection BEST = new AnswerSelection(SelectionRule.BEST_OF_N, null, null, false);

    /** A distribution of answers, and their scores. */
    private record Student(double[] probabilities, double[] scores) {
        /** Probability of each answer to be the best of n. */
        double[] best(int n) {
            double[] best = new double[probabilities.length];
            int tuples = (int) Math.pow(best.length, n);
            for (int tuple = 0; tuple < tuples; tuple++) {
                double probability = 1;
                ScoredAnswer[] answers = new ScoredAnswer[n];
                int rest = tuple;
                for (int i = 0; i < n; i++) {
                    int answer = rest % best.length;
                    rest /= best.length;
                    probability *= probabilities[answer];
                    answers[i] = new ScoredAnswer("a" + answer, true, Score.of(scores[answer]));
                }
                String kept = BEST.demonstrations(List.of(new Elicited(Prompt.plain("p"), List.of(answers))))
                        .rows()
                        .get(0)
                        .completion()
                        .asString();
                best[Integer.parseInt(kept.substring(1))] += probability;
            }
            return best;
        }

        double divergence(int n) {
            double[] best = best(n);
            return IntStream.range(0, best.length)
                    .filter(i -> best[i] > 0)
                    .mapToDouble(i -> best[i] * Math.log(best[i] / probabilities[i]))
                    .sum();
        }
    }

    private static double bound(int n) {
        return Math.log(n) - (n - 1) / (double) n;
    }

    @Test
    void bestOfTwo_ofTwoAnswers_byHand() {
        Student student = new Student(new double[] {0.75, 0.25}, new double[] {0, 1});
        assertThat(student.best(2)).containsExactly(new double[] {0.5625, 0.4375}, within(1e-15));
        assertThat(student.divergence(2))
                .isCloseTo(0.5625 * Math.log(0.75) + 0.4375 * Math.log(1.75), within(1e-15))
                .isLessThan(bound(2));
    }

    @Test
    void bestOfN_unequalAnswers_staysWithinTheBound() {
        double[] probabilities = {0.4, 0.3, 0.15, 0.1, 0.05};
        for (double[] scores : new double[][] {{1, 2, 3, 4, 5}, {5, 4, 3, 2, 1}, {0, 3, 1, 3, 2}, {1, 1, 1, 1, 1}}) {
            Student student = new Student(probabilities, scores);
            for (int n = 1; n <= 5; n++) {
                assertThat(student.divergence(n))
                        .as("n %d, scores %s", n, Arrays.toString(scores))
                        .isBetween(-1e-12, bound(n) + 1e-12);
            }
            assertThat(DoubleStream.of(student.best(4)).sum()).isCloseTo(1, within(1e-12));
        }
    }

    /** Each answer alone is improbable, so little is lost to answers that are drawn twice. */
    @Test
    void bestOfN_manyLikelyAnswers_nearlyReachesTheBound() {
        double[] probabilities = DoubleStream.generate(() -> 1 / 24.0).limit(24).toArray();
        double[] scores = IntStream.range(0, 24).asDoubleStream().toArray();
        for (int n = 2; n <= 3; n++) {
            assertThat(new Student(probabilities, scores).divergence(n)).isBetween(0.9 * bound(n), bound(n));
        }
    }
}
