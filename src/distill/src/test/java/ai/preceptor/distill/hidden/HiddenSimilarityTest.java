package ai.preceptor.distill.hidden;

import static ai.preceptor.distill.hidden.HiddenSimilarityContract.GRID;
import static ai.preceptor.distill.hidden.HiddenSimilarityContract.doubles;
import static ai.preceptor.distill.hidden.HiddenSimilarityContract.floats;
import static ai.preceptor.distill.hidden.HiddenSimilarityContract.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.testkit.GradientCheck;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HiddenSimilarityTest {
    private static HiddenStates states(int width, List<Span> rows, float... values) {
        return new HiddenStates(values, width, rows);
    }

    /** s = (1, 2), t = (3, 1): 1/2 (4 + 1); derivative (s - t). */
    @Test
    void mse_byHand() {
        float[] slope = new float[2];
        List<Span> one = List.of(new Span(0, 1));
        assertThat(new HiddenMse().evaluate(states(2, one, 3, 1), states(2, one, 1, 2), slope))
                .isEqualTo(2.5);
        assertThat(slope).containsExactly(-2, 1);
    }

    /** s = (3, 4), t = (1, 0): cos 3/5; derivative (3/5 (3/5, 4/5) - (1, 0)) / 5. */
    @Test
    void cosine_byHand() {
        float[] slope = new float[2];
        List<Span> one = List.of(new Span(0, 1));
        assertThat(new HiddenCosine().evaluate(states(2, one, 1, 0), states(2, one, 3, 4), slope))
                .isCloseTo(0.4, within(1e-12));
        assertThat(slope).containsExactly(new float[] {-0.128f, 0.096f}, within(1e-7f));
    }

    /** Two tokens, orthogonal for the student, equal for the teacher: two of four cosines are off by 1; 2 * 2/4. */
    @Test
    void tokenRelation_byHand() {
        List<Span> row = List.of(new Span(0, 2));
        double found = new TokenRelation().evaluate(states(1, row, 2, 2), states(2, row, 1, 0, 0, 1), new float[4]);
        assertThat(found).isCloseTo(1, within(1e-12));
    }

    /** Two rows of two tokens: their means (1, 0) and (0, 1) are orthogonal, the teacher's equal; 2 * 2/4. */
    @Test
    void sampleRelation_byHand() {
        List<Span> rows = List.of(new Span(0, 2), new Span(2, 4));
        double found = new SampleRelation()
                .evaluate(states(1, rows, 1, 1, 1, 1), states(2, rows, 2, 0, 0, 0, 0, 2, 0, 0), new float[8]);
        assertThat(found).isCloseTo(1, within(1e-12));
    }

    @Test
    void relations_ignoreTurnsAndScale() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            List<Span> rows = List.of(new Span(0, 2), new Span(2, 5));
            HiddenStates student = random(random, 2, rows);
            float[] turned = new float[10];
            for (int i = 0; i < 10; i += 2) {
                turned[i] = -3 * student.values()[i + 1];
                turned[i + 1] = 3 * student.values()[i];
            }
            for (HiddenSimilarity one : List.of(new TokenRelation(), new SampleRelation())) {
                assertThat(one.evaluate(new HiddenStates(turned, 2, rows), student, new float[10]))
                        .as(one.key() + " seed " + seed)
                        .isCloseTo(0, within(1e-10));
            }
        }
    }

    @Nested
    class Mse extends HiddenSimilarityContract {
        @Override
        protected HiddenSimilarity similarity() {
            return new HiddenMse();
        }
    }

    @Nested
    class Cosine extends HiddenSimilarityContract {
        @Override
        protected HiddenSimilarity similarity() {
            return new HiddenCosine();
        }
    }

    @Nested
    class Tokens extends HiddenSimilarityContract {
        @Override
        protected HiddenSimilarity similarity() {
            return new TokenRelation();
        }
    }

    @Nested
    class Samples extends HiddenSimilarityContract {
        @Override
        protected HiddenSimilarity similarity() {
            return new SampleRelation();
        }
    }

    @Test
    void widths_mustBeEqualWhereNumbersAreCompared() {
        List<Span> row = List.of(new Span(0, 1));
        assertThatThrownBy(() -> new HiddenMse().evaluate(states(2, row, 1, 2), states(1, row, 1), new float[1]))
                .hasMessageContaining("hidden size 2");
        assertThatThrownBy(() -> new HiddenMse().evaluate(states(1, row, 1), states(1, row, 1), new float[2]))
                .hasMessageContaining("gradient 2");
    }

    @Test
    void layers_thatAreNotThere_areRefusedTogether() {
        HiddenLoss loss =
                new HiddenLoss(List.of(new HiddenLoss.Part(new HiddenMse(), 1)), List.of(new HiddenLoss.Pair(3, 9)));
        assertThatThrownBy(() -> loss.resolve(2, 8))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("student_layers: received 3, legal: 1 to 2")
                .hasMessageContaining("teacher_layers: received 9, legal: 1 to 8");
    }

    @Test
    void projection_gradientAgreesWithDifferences_andLearns(@TempDir Path checkpoint) {
        Random random = new Random(1);
        List<Span> row = List.of(new Span(0, 3));
        HiddenStates student = random(random, 2, row);
        HiddenStates teacher = random(random, 4, row);
        Projection projection = new Projection("p.bin", 2, 4, 5);
        float[] slope = new float[12];
        double before = new HiddenMse().evaluate(teacher, projection.apply(student), slope);
        float[] back = projection.backward(student, slope, true);
        new GradientCheck(GRID, 1e-3)
                .verify(
                        "projection",
                        x -> new HiddenMse()
                                .evaluate(
                                        teacher, projection.apply(new HiddenStates(floats(x), 2, row)), new float[12]),
                        doubles(student.values()),
                        doubles(back));
        float[] expected = new float[8];
        for (int token = 0; token < 3; token++) {
            for (int d = 0; d < 2; d++) {
                for (int to = 0; to < 4; to++) {
                    expected[d * 4 + to] += student.values()[token * 2 + d] * slope[token * 4 + to];
                }
            }
        }
        assertThat(projection.gradient()).containsExactly(expected, within(1e-6f));
        projection.step(0.01);
        double after = new HiddenMse().evaluate(teacher, projection.apply(student), slope);
        assertThat(after).isLessThan(before);
        projection.saveState(checkpoint);
        Projection again = new Projection("p.bin", 2, 4, 99);
        again.loadState(checkpoint);
        assertThat(again.weights()).containsExactly(projection.weights());
    }
}
