package ai.preceptor.serve.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected texts are those of rows that hold the same conversation. */
class MessageReaderTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** As Qwen2.5's. */
    private static final String TEMPLATE = "{% for m in messages %}{{ m.content }}{% for c in m.tool_calls %}"
            + "{\"name\": \"{{ c.function.name }}\", \"arguments\": {{ c.function.arguments | tojson }}}"
            + "{% endfor %}{% endfor %}";

    @TempDir
    private static Path directory;

    private static Tokenizer tokenizer;
    private static TemplateEncoder encoder;

    @BeforeAll
    static void load() throws IOException {
        Files.writeString(directory.resolve("chat_template.jinja"), TEMPLATE);
        tokenizer = Tokenizer.load(Golden.dir("tiny-chat"));
        encoder = TemplateEncoder.load(directory, tokenizer, Boundary.REFUSE);
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    private static Message read(boolean takesParts, String message) throws JsonProcessingException {
        return new MessageReader(takesParts).read("messages[0]", JSON.readTree(message));
    }

    private static String rendered(String message) throws JsonProcessingException {
        Message read = read(false, message);
        return encoder.render(Prompt.chat(read), List.of(read), false);
    }

    private static String call(String function) {
        return "{\"role\": \"assistant\", \"content\": null, \"tool_calls\": [{\"id\": \"c\", \"type\": \"function\","
                + " \"function\": {\"name\": \"f\"" + function + "}}]}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                ", \"arguments\": \"{\\\"x\\\": 1, \\\"y\\\": [\\\"a\\\"]}\" | {\"x\": 1, \"y\": [\"a\"]}",
                ", \"arguments\": {\"x\": 1} | {\"x\": 1}",
                ", \"arguments\": \"\" | {}",
                ", \"arguments\": null | {}",
                "`` | {}",
                ", \"arguments\": \"Paris\" | \"Paris\"",
                ", \"arguments\": \"{\\\"x\\\": 1\" | \"{\\\"x\\\": 1\"",
                ", \"arguments\": \"{} {}\" | \"{} {}\""
            })
    void arguments_areTheObjectThatTheirTextSays(String arguments, String written) throws JsonProcessingException {
        assertThat(rendered(call(arguments))).isEqualTo("{\"name\": \"f\", \"arguments\": " + written + "}");
    }

    @Test
    void arguments_ofOthersThanTheAssistant_andCallsOfNoKnownForm_stay() throws JsonProcessingException {
        String user = call(", \"arguments\": \"{}\"").replace("\"assistant\"", "\"user\"");
        assertThat(rendered(user)).endsWith("\"arguments\": \"{}\"}");
        String odd = "{\"role\": \"assistant\", \"tool_calls\": [1, {\"function\": \"f\"}, {\"arguments\": \"{}\"}]}";
        assertThat(read(false, odd).extra().toString()).isEqualTo("{tool_calls=[1, {function=f}, {arguments={}}]}");
    }

    @Test
    void parts_areJoinedByLineFeeds_unlessTheTemplateTakesThem() throws JsonProcessingException {
        String parts = "[{\"type\": \"text\", \"text\": \"A\"}, {\"type\": \"text\", \"text\": \"B\"}]";
        String message = "{\"role\": \"user\", \"content\": " + parts + "}";
        assertThat(read(false, message)).isEqualTo(Message.user("A\nB"));
        assertThat(JSON.valueToTree(read(true, message).toMap()).path("content"))
                .isEqualTo(JSON.readTree(parts));
        assertThat(read(true, "{\"role\": \"user\", \"content\": \"A\"}")).isEqualTo(Message.user("A"));
        assertThatThrownBy(() -> read(true, message.replace("\"text\": \"B\"", "\"image\": \"B\"")))
                .hasMessageStartingWith("messages[0].content[1]: expected a part of type \"text\"");
    }
}
