package ai.preceptor.distill.hidden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.lm.batch.Span;
import ai.preceptor.lm.collective.ThreadCollective;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProjectionLearnersTest {
    private static Projection projection() {
        return new Projection("projection.bin", 2, 3, 1);
    }

    private static void learn(Projection projection, float state) {
        HiddenStates states = new HiddenStates(new float[] {state, 1}, 2, List.of(new Span(0, 1)));
        projection.backward(states, new float[] {1, -2, 0.5f}, true);
    }

    @Test
    void sum_ofTwoLearners_isTheGradientOfBothRows() throws Exception {
        Projection one = projection();
        learn(one, 3);
        learn(one, 4);

        List<Projection> two = ThreadCollective.each(ThreadCollective.group(2), learners -> {
            Projection own = projection();
            learn(own, 3 + learners.rank());
            own.sum(learners);
            own.step(0.1);
            return own;
        });

        one.step(0.1);
        assertThat(two.get(0).weights()).containsExactly(one.weights(), within(1e-6f));
        assertThat(two.get(1).weights()).containsExactly(two.get(0).weights());
    }
}
