package ai.preceptor.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProblemTest {
    private static final Problem PROBLEM = new Problem("top_p", "received 2: two, must be in (0, 1]");

    @Test
    void exceptions_tellTheKeyAndKeepItApart() {
        IllegalValueException illegal = new IllegalValueException(PROBLEM.key(), PROBLEM.message());
        assertThat(illegal).hasMessage("top_p: received 2: two, must be in (0, 1]");
        assertThat(illegal.problem()).isEqualTo(PROBLEM);

        ConfigurationException refused = new ConfigurationException(PROBLEM);
        assertThat(refused).hasMessage("top_p: received 2: two, must be in (0, 1]");
        assertThat(refused.withoutKey()).isEqualTo("received 2: two, must be in (0, 1]");
    }

    /** What merely looks like a key is none. */
    @Test
    void withoutKey_ofAPlainMessage_isAllOfIt() {
        assertThat(new ConfigurationException("host: down").withoutKey()).isEqualTo("host: down");
    }
}
