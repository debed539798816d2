package ai.preceptor.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsPageTest {

    @Test
    void requireDocumented_knownNames_passes() {
        assertThatCode(() ->
                        MetricsPage.requireDocumented(List.of("loss", "rewards/rejected", "completions/max_length")))
                .doesNotThrowAnyException();
    }

    @Test
    void requireDocumented_unknownName_failsNamingIt() {
        assertThatThrownBy(() -> MetricsPage.requireDocumented(List.of("loss", "beta/of_nothing")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("[beta/of_nothing]");
    }
}
