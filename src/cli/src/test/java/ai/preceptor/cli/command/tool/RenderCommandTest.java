package ai.preceptor.cli.command.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenderCommandTest {
    private static final Path MODEL = Golden.dir("tiny-chat");
    private static final String MARKED = """
            {%- for m in messages %}<|im_start|>{{ m.role }}
            {% if m.role == 'assistant' %}{% generation %}{{ m.content }}<|im_end|>{% endgeneration %}\
            {% else %}{{ m.content }}<|im_end|>{% endif %}
            {% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
            {% endif %}""";

    @TempDir
    Path directory;

    /** A disk without room, as Linux has one to try with. */
    @Test
    void run_diskFull_isNoUsersMistake() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "a device that is always full");
        Path data = write("{\"prompt\": \"Hi\"}");
        CommandRun run = CommandRun.of("render", "model=" + MODEL, "data=" + data, "output=" + full);
        assertThat(run.code()).isEqualTo(ExitCode.DISK_FAILED);
        assertThat(run.code().number()).isEqualTo(4);
        assertThat(run.err()).contains("/dev/full: cannot be written: no space left on the device");
    }

    @Test
    void run_promptRows_endWhereTheAnswerBegins() throws IOException {
        Path data = write("{\"prompt\": [{\"role\": \"user\", \"content\": \"Hi {{ 7*7 }}\"}]}");
        JsonNode row = render("model=" + MODEL, "data=" + data);
        assertThat(row.path("text").asText()).contains("Hi {{ 7*7 }}").endsWith("<|im_start|>assistant\n");
        assertThat(row.path("assistant_mask"))
                .hasSameSizeAs(row.path("token_ids"))
                .allMatch(n -> n.intValue() == 0);
    }

    @Test
    void run_markedTemplate_masksWhatTheAssistantSays() throws IOException {
        Path data = write("{\"messages\": [{\"role\": \"user\", \"content\": \"\ud83d\ude00 why?\"},"
                + " {\"role\": \"assistant\", \"content\": \"So \ud83d\ude00.\"}]}");
        Path template = Files.writeString(directory.resolve("t.jinja"), MARKED);
        JsonNode row = render("model=" + MODEL, "template=" + template, "data=" + data, "add_generation_prompt=false");
        List<Integer> masked = new ArrayList<>();
        for (int i = 0; i < row.path("token_ids").size(); i++) {
            if (row.path("assistant_mask").path(i).intValue() == 1) {
                masked.add(row.path("token_ids").path(i).intValue());
            }
        }
        try (Tokenizer tokenizer = Tokenizer.load(MODEL)) {
            int[] ids = masked.stream().mapToInt(Integer::intValue).toArray();
            assertThat(tokenizer.decode(ids, false)).isEqualTo("So \ud83d\ude00.<|im_end|>");
        }
    }

    /** Nothing follows an answer unless it is asked for; a conversation without one ends where it begins. */
    @Test
    void run_conversations_endWithTheirAnswer() throws IOException {
        String question = "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}";
        Path data = write(question + ", {\"role\": \"assistant\", \"content\": \"So.\"}]}\n" + question + "]}\n");
        assertThat(render("model=" + MODEL, "data=" + data).path("text").asText())
                .endsWith("So.<|im_end|>\n");
        assertThat(CommandRun.rows(directory.resolve("out.jsonl"))
                        .get(1)
                        .path("text")
                        .asText())
                .endsWith("<|im_start|>assistant\n");
        assertThat(render("model=" + MODEL, "data=" + data, "add_generation_prompt=true")
                        .path("text")
                        .asText())
                .endsWith("So.<|im_end|>\n<|im_start|>assistant\n");
    }

    @Test
    void run_templateAlone_writesTextOnly() throws IOException {
        Path data = write("{\"prompt\": [{\"role\": \"user\", \"content\": \"Hi\"}]}");
        Path template = Files.writeString(directory.resolve("t.jinja"), "{{ messages[0].content }}!");
        JsonNode row = render("template=" + template, "data=" + data);
        assertThat(row.fieldNames()).toIterable().containsExactly("text");
        assertThat(row.path("text").asText()).isEqualTo("Hi!");
    }

    @Test
    void run_neitherModelNorTemplate_isRefused() throws IOException {
        Path data = write("{\"prompt\": \"x\"}");
        CommandRun run = CommandRun.of("render", "data=" + data, "output=" + directory.resolve("o"));
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("model: expected a model directory, or a template, or both; found neither");
    }

    @Test
    void run_brokenTemplate_isBadData() throws IOException {
        Path data = write("{\"prompt\": [{\"role\": \"user\", \"content\": \"Hi\"}]}");
        Path template = Files.writeString(directory.resolve("t.jinja"), "{% if %}");
        CommandRun run =
                CommandRun.of("render", "template=" + template, "data=" + data, "output=" + directory.resolve("o"));
        assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains(template + ": ");
    }

    private JsonNode render(String... arguments) throws IOException {
        Path output = directory.resolve("out.jsonl");
        List<String> all = new ArrayList<>(List.of("render", "output=" + output));
        all.addAll(List.of(arguments));
        CommandRun run = CommandRun.of(all.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return CommandRun.rows(output).get(0);
    }

    private Path write(String row) throws IOException {
        return Files.writeString(directory.resolve("data.jsonl"), row);
    }

    @Test
    void run_badFirstRow_doesNotDecideWhatTheOthersAre() throws IOException {
        Path data = write("{\"messages\": [{\"role\": \"user\"}, 1]}\n{\"messages\": [{\"role\": \"user\","
                + " \"content\": \"Hi\"}]}");
        JsonNode row = render("model=" + MODEL, "data=" + data, "on_bad_row=skip");
        assertThat(row.path("text").asText()).contains("Hi");
    }
}
