package ai.preceptor.distill.hidden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.lm.batch.Span;
import ai.preceptor.testkit.GradientCheck;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link HiddenSimilarity} owes. An implementation's test extends this. */
public abstract class HiddenSimilarityContract {
    /** Numbers are multiples of this, so that float32 holds them and their steps exactly. */
    static final double GRID = 1.0 / 1024;

    /** The similarity under test. */
    protected abstract HiddenSimilarity similarity();

    static HiddenStates random(Random random, int width, List<Span> rows) {
        float[] values = new float[rows.get(rows.size() - 1).to() * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((random.nextInt(4096) - 2048) * GRID);
        }
        return new HiddenStates(values, width, rows);
    }

    @Test
    void key_saysSomething() {
        assertThat(similarity().key()).isNotBlank();
    }

    @Test
    void gradient_agreesWithDifferences() {
        for (long seed = 0; seed < 10; seed++) {
            Random random = new Random(seed);
            List<Span> rows = List.of(new Span(0, 1), new Span(1, 4), new Span(4, 6));
            HiddenStates teacher = random(random, 3, rows);
            HiddenStates student = random(random, 3, rows);
            double[] point = doubles(student.values());
            float[] slope = new float[point.length];
            similarity().evaluate(teacher, student, slope);
            new GradientCheck(GRID, 2e-4)
                    .verify(
                            similarity().key() + " seed " + seed,
                            x -> similarity()
                                    .evaluate(teacher, new HiddenStates(floats(x), 3, rows), new float[x.length]),
                            point,
                            doubles(slope));
        }
    }

    @Test
    void equalStates_costNothing_otherStatesSomething() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            List<Span> rows = List.of(new Span(0, 2), new Span(2, 5));
            HiddenStates student = random(random, 2, rows);
            String name = similarity().key() + " seed " + seed;
            float[] slope = new float[student.values().length];
            assertThat(similarity().evaluate(student, student, slope)).as(name).isCloseTo(0, within(1e-12));
            assertThat(slope).as(name).containsExactly(new float[slope.length], within(1e-6f));
            assertThat(similarity().evaluate(random(random, 2, rows), student, slope))
                    .as(name)
                    .isPositive();
        }
    }

    @Test
    void widths_mustBeEqualWhereItSaysSo() {
        List<Span> rows = List.of(new Span(0, 2), new Span(2, 3));
        HiddenStates teacher = random(new Random(1), 3, rows);
        HiddenStates student = random(new Random(2), 2, rows);
        if (similarity().needsEqualWidths()) {
            assertThatThrownBy(() -> similarity().evaluate(teacher, student, new float[6]))
                    .isInstanceOf(IllegalArgumentException.class);
        } else {
            assertThat(similarity().evaluate(teacher, student, new float[6])).isFinite();
        }
    }

    static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    static float[] floats(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }
}
