package ai.preceptor.data.closing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosingTest {
    @Test
    void all_areClosed_andTheFirstFailureIsThrown_withTheOthers() {
        List<Integer> closed = new ArrayList<>();
        assertThatIllegalStateException()
                .isThrownBy(() -> Closing.all(List.of(1, 2, 3, 4), number -> {
                    closed.add(number);
                    if (number % 2 == 0) {
                        throw new IllegalStateException("busy " + number);
                    }
                }))
                .withMessage("busy 2")
                .satisfies(first -> assertThat(first.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("busy 4"));
        assertThat(closed).containsExactly(1, 2, 3, 4);
    }
}
