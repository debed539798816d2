package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void help_jsonSchema_saysTypeDefaultRangeChoicesAndMeaning() throws IOException {
        JsonNode schema = schema("rank");
        assertThat(schema.path("type").asText()).isEqualTo("object");
        assertThat(schema.path("additionalProperties").isBoolean()).isTrue();
        assertThat(words(schema.path("required"))).contains("model").doesNotContain("beta", "data");
        assertThat(words(schema("reward").path("required"))).contains("model", "data");
        JsonNode keys = schema.path("properties");
        ObjectNode beta = keys.path("beta").deepCopy();
        assertThat(beta.remove("description").asText()).contains("DPO");
        assertThat(beta)
                .isEqualTo(JSON.readTree("{\"type\": \"number\", \"exclusiveMinimum\": 0.0, \"default\": 0.1}"));
        assertThat(keys.path("learning_rate").path("default").asDouble())
                .as("of this command")
                .isEqualTo(1e-6);
        assertThat(keys.path("batch_size").path("type").asText()).isEqualTo("integer");
        assertThat(keys.path("shuffle").path("default").isBoolean()).isTrue();
        assertThat(words(keys.path("lr_scheduler_type").path("enum"))).contains("linear", "cosine_with_min_lr");
        assertThat(keys.path("max_steps").path("anyOf").path(1).path("type").asText())
                .as("may be left out")
                .isEqualTo("null");
        JsonNode kwargs = keys.path("lr_scheduler_kwargs").path("anyOf").path(0);
        assertThat(kwargs.path("properties")
                        .path("min_lr_rate")
                        .path("anyOf")
                        .path(0)
                        .path("maximum")
                        .asDouble())
                .isEqualTo(1);
        assertThat(keys.path("model").path("description").asText()).contains("; a model directory (config.json inside");
    }

    @Test
    void help_jsonSchemaOfARecipe_hasTheStagesKeys() throws IOException {
        JsonNode stage = schema("run").path("properties").path("stages").path("additionalProperties");
        List<String> commands = new ArrayList<>();
        for (JsonNode one : stage.path("anyOf")) {
            commands.add(one.path("properties").path("command").path("const").asText());
            assertThat(one.path("properties").has("output")).isTrue();
        }
        assertThat(commands).contains("sft", "rank", "policy");
    }

    /** A default that its own range refuses would fail here. */
    @Test
    void help_jsonSchema_everyCommandHasOne() throws IOException {
        for (String name : Commands.standard().names()) {
            assertThat(schema(name).path("properties").size()).as(name).isPositive();
        }
    }

    @Test
    void help_jsonSchemaOfNothing_isBadUsage() {
        CommandRun run = CommandRun.exactly("help", "--json-schema");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("help --json-schema needs a command");
    }

    private static JsonNode schema(String command) throws IOException {
        CommandRun run = CommandRun.exactly("help", "--json-schema", command);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return JSON.readTree(run.out());
    }

    private static List<String> words(JsonNode array) {
        List<String> words = new ArrayList<>();
        array.forEach(word -> words.add(word.asText()));
        return words;
    }
}
