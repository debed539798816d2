package ai.preceptor.data.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Message;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowBytesTest {
    private static final Message CALL = new Message(
            "assistant", "", Map.of("tool_calls", List.of(Map.of("name", "clock")), Message.PARTS, Message.ABSENT));
    private static final Message PARTS = new Message(
            "user", "two\u2028lines", Map.of(Message.PARTS, List.of(Map.of("type", "text", "text", "two\u2028lines"))));

    @Test
    void prompts_comeBackEqual_withColumnsOfAnyName() {
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        columns.put("prompt", "not the prompt");
        columns.put("columns", List.of(1, 2.5, 1L << 40, 0.1));
        columns.put("none", null);
        columns.put("nested", Map.of("a\nb", true));
        List<Prompt> prompts = List.of(
                new Prompt(Text.plain("a \"quoted\"\r\nprompt \ud83d\ude00"), columns),
                Prompt.chat(Message.system("s"), PARTS, CALL),
                Prompt.plain(""));
        assertThat(RowBytes.PROMPTS.read(RowBytes.PROMPTS.write(prompts))).isEqualTo(prompts);
    }

    @Test
    void preferences_comeBackEqual() {
        List<Preference> pairs = List.of(
                new Preference(Prompt.plain("p"), Text.plain("c"), Text.plain("r"), 0.1, 0.75),
                new Preference(
                        new Prompt(Text.chat(Message.user("p")), Map.of("chosen", "a column")),
                        Text.chat(Message.assistant("c")),
                        Text.chat(CALL)));
        assertThat(RowBytes.PREFERENCES.read(RowBytes.PREFERENCES.write(pairs))).isEqualTo(pairs);
    }

    @Test
    void read_ofOtherBytes_saysWhatWasExpected() {
        byte[] pairs = RowBytes.PROMPTS.write(List.of(Prompt.plain("p")));
        assertThatThrownBy(() -> RowBytes.PREFERENCES.read(pairs))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("row 0 (0-based) of a chunk: key \"chosen\": missing");
        assertThatThrownBy(() -> RowBytes.PROMPTS.read("[1]\n".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("line 1 of a chunk: expected one JSON object per line");
    }
}
