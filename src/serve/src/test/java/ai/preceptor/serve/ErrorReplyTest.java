package ai.preceptor.serve;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.IllegalValueException;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class ErrorReplyTest {

    @Test
    void problem_ofAnIllegalValue_namesItsField() {
        JsonNode told = ErrorReply.problem(new IllegalValueException("top_p", "received 2"))
                .toJson();
        assertThat(told.at("/error/param").asText()).isEqualTo("top_p");
        assertThat(told.at("/error/message").asText()).isEqualTo("top_p: received 2");
    }

    /** A message is told, not parsed: what merely looks like a field's name is none. */
    @Test
    void problem_ofAnotherArgument_namesNoField() {
        JsonNode told = ErrorReply.problem(new IllegalArgumentException("capacity: below zero"))
                .toJson();
        assertThat(told.at("/error/param").isNull()).isTrue();
        assertThat(told.at("/error/message").asText()).isEqualTo("body: capacity: below zero");
    }
}
