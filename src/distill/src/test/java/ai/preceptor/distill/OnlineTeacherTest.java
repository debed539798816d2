package ai.preceptor.distill;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.train.Pass;
import ai.preceptor.train.Totals;
import ai.preceptor.train.toy.ToyModel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnlineTeacherTest {
    private static final int VOCABULARY = 5;

    private final ToyModel student = new ToyModel(VOCABULARY, 0, 1);
    private final ToyModel teacher = new ToyModel(VOCABULARY, 0, 2);
    private final OnlineTeacher both = new OnlineTeacher(new NoPass(), student, teacher, 0.5);

    /** Of a model that is only stepped. */
    private static final class NoPass implements Pass<TokenRow> {
        @Override
        public void pack(TokenRow row, PackedBatch.Builder into) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Contribution run(List<TokenRow> rows, PackedBatch batch, Totals step) {
            throw new UnsupportedOperationException();
        }
    }

    private static void push(ToyModel model, float gradient) {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {1, 2});
        try (ForwardPass forward =
                model.forward(builder.completion(new int[] {3, 1}).build())) {
            forward.backward(new float[] {gradient, gradient});
        }
    }

    @Test
    void step_finiteGradients_stepsBothByTheirOwnRates() {
        ToyModel alone = new ToyModel(VOCABULARY, 0, 1);
        ToyModel slower = new ToyModel(VOCABULARY, 0, 2);
        push(student, -1);
        push(teacher, -2);
        push(alone, -1);
        push(slower, -2);
        assertThat(both.step(0.01, 1)).isEqualTo(alone.step(0.01, 1));
        slower.step(0.005, 1);
        assertThat(student.parameters()).containsExactly(alone.parameters());
        assertThat(teacher.parameters()).containsExactly(slower.parameters());
    }

    /** Learners compare it: the teacher's weights count as much as the student's. */
    @Test
    void digest_eitherChanged_isAnother() {
        byte[] before = both.digest();
        assertThat(both.digest()).isEqualTo(before).isNotEmpty();
        teacher.damage();
        byte[] between = both.digest();
        assertThat(between).isNotEqualTo(before);
        student.damage();
        assertThat(both.digest()).isNotEqualTo(between);
    }

    /** The loop says then that nothing of the step was applied, and saves both as they are. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void step_oneGradientNotFinite_changesNeither(boolean ofTheStudent) {
        double[] first = student.parameters();
        double[] second = teacher.parameters();
        push(student, ofTheStudent ? Float.NaN : -1);
        push(teacher, ofTheStudent ? -1 : Float.NaN);
        assertThat(both.step(0.01, 1)).isNaN();
        assertThat(student.parameters()).containsExactly(first);
        assertThat(teacher.parameters()).containsExactly(second);
        assertThat(student.gradients()).containsOnly(0);
        assertThat(teacher.gradients()).containsOnly(0);
    }
}
