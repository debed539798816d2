package ai.preceptor.dashboard.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CurveTest {
    @Test
    void fewPoints_stayAsTheyAre() {
        Curve curve = new Curve();
        curve.add(1, 4);
        curve.add(2, -1);
        curve.add(5, Double.NaN);
        curve.add(7, 2);

        CurvePart part = curve.part(100, 0, 0);

        assertThat(part.width()).isEqualTo(1);
        assertThat(part.step()).containsExactly(1, 2, 7);
        assertThat(part.mean()).containsExactly(4, -1, 2);
        assertThat(part.min()).containsExactly(4, -1, 2);
    }

    @Test
    void joinedBuckets_haveMeanLeastAndLargest() {
        Curve curve = new Curve();
        for (int step = 1; step <= 5; step++) {
            curve.add(step, step * step);
        }

        CurvePart part = curve.part(3, 0, 0);

        assertThat(part.width()).isEqualTo(2);
        assertThat(part.step()).containsExactly(2, 4, 5);
        assertThat(part.mean()).containsExactly(2.5, 12.5, 25);
        assertThat(part.min()).containsExactly(1, 9, 25);
        assertThat(part.max()).containsExactly(4, 16, 25);
    }

    @Test
    void hundredThousandPoints_keepMeanAndExtremes() {
        Curve curve = new Curve();
        Random random = new Random(5);
        double sum = 0;
        float least = Float.MAX_VALUE;
        for (int step = 1; step <= 100_000; step++) {
            double value = random.nextGaussian();
            sum += value;
            least = Math.min(least, (float) value);
            curve.add(step, value);
        }

        CurvePart part = curve.part(Curve.CAPACITY, 0, 0);

        assertThat(part.step().length).isBetween(1024, Curve.CAPACITY);
        assertThat(part.step()[part.step().length - 1]).isEqualTo(100_000);
        double total = 0;
        float lowest = Float.MAX_VALUE;
        int last = part.step().length - 1;
        for (int i = 0; i <= last; i++) {
            int points = i < last ? part.width() : 100_000 - last * part.width();
            total += part.mean()[i] * points;
            lowest = Math.min(lowest, part.min()[i]);
        }
        assertThat(total).isCloseTo(sum, within(1e-6));
        assertThat(lowest).isEqualTo(least);
    }

    @Test
    void part_fromWhatIsKnown_continuesIt() {
        Curve curve = new Curve();
        for (int step = 1; step <= 70; step++) {
            curve.add(step, step);
        }
        CurvePart first = curve.part(40, 0, 0);
        for (int step = 71; step <= 75; step++) {
            curve.add(step, step);
        }

        CurvePart more = curve.part(40, first.step().length - 1, first.width());
        CurvePart all = curve.part(40, 0, 0);

        assertThat(more.from()).isEqualTo(34);
        assertThat(more.step()).containsExactly(70, 72, 74, 75);
        assertThat(more.step().length).isEqualTo(all.step().length - more.from());
    }

    @Test
    void part_ofAnotherWidth_isWhole() {
        Curve curve = new Curve();
        for (int step = 1; step <= 100; step++) {
            curve.add(step, step);
        }

        assertThat(curve.part(40, 30, 1).from()).isZero();
        assertThat(curve.part(40, 30, 1).step()).hasSize(25);
    }
}
