package ai.preceptor.lm.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ToolCallParsersTest {

    @Nested
    class Hermes extends ToolCallParserContract {
        @Override
        ToolCallParser parser() {
            return new HermesCalls();
        }

        @Override
        String callOfAdd() {
            return "Let me see.\n<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\": 1}}\n</tool_call>";
        }

        @Test
        void parse_severalCalls_inOrder() {
            String turn = "<tool_call>{\"name\": \"a\"}</tool_call> and <tool_call>[{\"name\": \"b\", \"arguments\": "
                    + "\"{\\\"x\\\": [1, null]}\"}, {\"name\": \"c\", \"parameters\": {}}]</tool_call>";
            List<ToolCall> calls = parser().parse(turn);
            assertThat(calls).extracting(ToolCall::name).containsExactly("a", "b", "c");
            assertThat(calls.get(1).arguments()).isEqualTo(Map.of("x", java.util.Arrays.asList(1, null)));
        }

        /** As vLLM reads a last call that the model did not close. */
        @Test
        void parse_lastCallWithoutItsEnd_isRead() {
            assertThat(parser().parse("<tool_call>{\"name\": \"a\"}")).containsExactly(new ToolCall("a", Map.of()));
        }

        @Test
        void parse_ofWhatIsNoCall_isMalformed() {
            String turn = "<tool_call>{\"name\": }</tool_call><tool_call>4</tool_call><tool_call>[]</tool_call>"
                    + "<tool_call>{\"name\": \"a\", \"arguments\": 3}</tool_call>"
                    + "<tool_call>{\"name\": \"a\"} trailing</tool_call><tool_call>";
            assertThat(parser().parse(turn)).hasSize(6).allSatisfy(call -> {
                assertThat(call.name()).isEmpty();
                assertThat(call.problem()).isNotNull();
            });
        }
    }

    @Nested
    class Llama extends ToolCallParserContract {
        @Override
        ToolCallParser parser() {
            return new LlamaCalls();
        }

        @Override
        String callOfAdd() {
            return "{\"name\": \"add\", \"parameters\": {\"a\": 1}}";
        }

        @Test
        void parse_afterThePythonTag_isACallOrMalformed() {
            assertThat(parser().parse("<|python_tag|>" + callOfAdd())).hasSize(1);
            assertThat(parser().parse("<|python_tag|>print(1)").get(0).problem())
                    .isNotNull();
        }

        @Test
        void parse_ofAnotherObject_isNoCall() {
            assertThat(parser().parse("{\"city\": \"Oslo\"}")).isEmpty();
            assertThat(parser().parse("{ \"name\": ").get(0).problem()).isNotNull();
        }
    }
}
