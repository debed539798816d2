package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.preceptor.cli.yaml.Problems;
import ai.preceptor.cli.yaml.Raw;
import ai.preceptor.cli.yaml.YamlFile;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.testkit.ProjectRoot;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The JSON Schemas against a validator: what we accept, they accept; what we refuse for its form, they refuse. */
class SchemaValidationTest {
    @TempDir
    Path directory;

    static Stream<Path> recipes() throws IOException {
        return Files.walk(ProjectRoot.find().resolve("configs"))
                .filter(file -> file.toString().endsWith(".yaml"))
                .sorted();
    }

    static Stream<String> commands() {
        return Commands.standard().names().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recipes")
    void schemaOfRun_everyRecipe_isValid(Path file) {
        assertThat(validated("run", file)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("commands")
    void schema_templateOfItsCommand_isValid(String command) throws IOException {
        String template = CommandRun.exactly("help", "--template", command).out();
        assertThat(validated(command, write(template))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rank   | beta: -0.1",
                "rank   | beta: 0",
                "rank   | beta: lots",
                "rank   | batch_size: 0",
                "rank   | batch_size: 8.5",
                "rank   | batch_size: '8'",
                "rank   | batch_size: [8]",
                "rank   | shuffle: yes",
                "rank   | loss_type: sigmiod",
                "rank   | loss_type: [sigmoid, 3]",
                "rank   | betta: 0.1",
                "rank   | lr_scheduler_kwargs: 3",
                "rank   | lr_scheduler_kwargs: {min_lr_rate: 2}",
                "rank   | lr_scheduler_kwargs: {zzz: 2}",
                "rank   | label_smoothing: 0.5",
                "reward | ensemble_size: 65",
                "policy | algorithm: dpo",
                "policy | temperature: 0",
                "policy | reward_weights: [a]",
                "eval   | seed: 1.5",
                "serve  | port: 65536",
                "sft    | model: null"
            })
    void schema_whatWeRefuse_isRefused(String command, String line) throws IOException {
        String template = CommandRun.exactly("help", "--template", command).out();
        String key = line.substring(0, line.indexOf(':'));
        Path file = write(template.replaceAll("(?m)^" + key + ":.*\\n", "") + line + "\n");
        assertThat(catchThrowable(() -> Commands.standard().named(command).read(file, List.of())))
                .isInstanceOf(ConfigurationException.class);
        assertThat(validated(command, file)).isNotEmpty();
    }

    @Test
    void schema_requiredKeyLeftOut_isRefused() throws IOException {
        assertThat(validated("reward", write("model: m\n")))
                .anySatisfy(message -> assertThat(message.getMessage()).contains("data"));
        assertThat(validated("run", write("stages: {a: {command: rank, beta: lots}}\n")))
                .isNotEmpty();
        assertThat(validated("run", write("stages: {a: {command: rnak}}\n"))).isNotEmpty();
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("c.yaml"), text);
    }

    private static Set<ValidationMessage> validated(String command, Path file) {
        JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(Commands.standard().schema(command));
        Problems problems = new Problems();
        JsonNode read = json(new YamlFile(file, problems).read());
        problems.throwIfAny();
        return schema.validate(read);
    }

    /** As an editor reads YAML 1.2. */
    private static JsonNode json(Raw raw) {
        if (raw instanceof Raw.Mapping mapping) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            mapping.fields().forEach((key, field) -> object.set(key, json(field.value())));
            return object;
        }
        if (raw instanceof Raw.Sequence sequence) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            sequence.items().forEach(item -> array.add(json(item)));
            return array;
        }
        Raw.Scalar scalar = (Raw.Scalar) raw;
        if (scalar.isNull()) {
            return NullNode.instance;
        }
        if (scalar.isNumber()) {
            return DecimalNode.valueOf(new BigDecimal(scalar.text()));
        }
        boolean truth = !scalar.quoted() && List.of("true", "false").contains(scalar.text());
        return truth ? BooleanNode.valueOf(scalar.text().equals("true")) : TextNode.valueOf(scalar.text());
    }
}
