package ai.preceptor.policy.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link CreditAssignment} owes. An implementation's test extends this. */
public abstract class CreditAssignmentContract {
    private static final long SEED = 20261124;
    private static final int[] GROUPS = {4, 4, 4, 1, 1, 1};

    /** The assignment under test. */
    protected abstract CreditAssignment credit();

    /** The batch with what the assignment needs beside scores, such as {@link ScoredAnswers#baselines}. */
    protected ScoredAnswers completed(ScoredAnswers batch) {
        return batch;
    }

    private static double[] scores() {
        return new Random(SEED).doubles(6, -2, 2).toArray();
    }

    /** Of answers of 1 to 6 tokens. */
    private static List<double[]> divergences() {
        Random random = new Random(SEED + 1);
        List<double[]> all = new ArrayList<>();
        for (int tokens = 1; tokens <= 6; tokens++) {
            all.add(random.doubles(tokens, -1, 1).toArray());
        }
        return all;
    }

    private List<double[]> advantages(double[] scores, List<double[]> kl, int[] groups, double beta) {
        return credit().assign(completed(new ScoredAnswers(scores, kl, groups, beta)))
                .advantages();
    }

    @Test
    void name_saysSomething() {
        assertThat(credit().name()).isNotBlank();
        assertThat(credit().fewestScored()).isPositive();
    }

    @Test
    void advantages_areFiniteAndOnePerToken_andLeaveTheirInputs() {
        double[] scores = scores();
        List<double[]> divergences = divergences();
        for (double beta : new double[] {0, 0.5}) {
            List<double[]> found = advantages(scores, divergences, GROUPS.clone(), beta);
            assertThat(found).hasSize(6);
            for (int i = 0; i < 6; i++) {
                assertThat(found.get(i)).as("seed %d, answer %d", SEED, i).hasSize(i + 1);
                assertThat(Arrays.stream(found.get(i)).allMatch(Double::isFinite))
                        .isTrue();
                assertThat(divergences.get(i)).containsExactly(divergences().get(i));
            }
        }
        assertThat(scores).containsExactly(scores());
    }

    @Test
    void advantages_unscored_getsZerosAndMovesNobody() {
        double[] scores = scores();
        scores[5] = Double.NaN;
        List<double[]> found = advantages(scores, divergences(), GROUPS.clone(), 0.5);
        assertThat(found.get(5)).containsOnly(0);
        List<double[]> others =
                advantages(Arrays.copyOf(scores, 5), divergences().subList(0, 5), Arrays.copyOf(GROUPS, 5), 0.5);
        for (int i = 0; i < 5; i++) {
            assertThat(found.get(i)).as("seed %d, answer %d", SEED, i).containsExactly(others.get(i), within(1e-9));
        }
    }

    @Test
    void advantages_withoutBeta_doNotReadTheDivergences() {
        List<double[]> none =
                divergences().stream().map(answer -> new double[answer.length]).toList();
        List<double[]> found = advantages(scores(), divergences(), GROUPS.clone(), 0);
        List<double[]> expected = advantages(scores(), none, GROUPS.clone(), 0);
        for (int i = 0; i < 6; i++) {
            assertThat(found.get(i)).containsExactly(expected.get(i), within(1e-12));
        }
    }

    /** The answers of the second group first: each keeps its advantages. */
    @Test
    void assign_groupsInAnotherOrder_givesTheSame() {
        int[] order = {4, 3, 5, 0, 2, 1};
        double[] scores = new double[6];
        int[] groups = new int[6];
        List<double[]> kl = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            scores[i] = scores()[order[i]];
            groups[i] = GROUPS[order[i]];
            kl.add(divergences().get(order[i]));
        }
        List<double[]> expected = advantages(scores(), divergences(), GROUPS.clone(), 0.5);
        List<double[]> found = advantages(scores, kl, groups, 0.5);
        for (int i = 0; i < 6; i++) {
            assertThat(found.get(i))
                    .as("seed %d, answer %d", SEED, order[i])
                    .containsExactly(expected.get(order[i]), within(1e-9));
        }
    }
}
