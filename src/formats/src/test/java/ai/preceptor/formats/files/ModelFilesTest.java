package ai.preceptor.formats.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.data.OutputException;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFilesTest {
    @TempDir
    Path directory;

    @Test
    void copyTo_goldenModel_copiesAllButWeightsAndConfiguration() throws IOException {
        Path golden = Golden.dir("tiny-chat");
        new ModelFiles(golden).copyTo(directory.resolve("out"));
        assertThat(directory.resolve("out").toFile().list())
                .containsExactlyInAnyOrder(
                        "chat_template.jinja", "generation_config.json", "tokenizer.json", "tokenizer_config.json");
        assertThat(Files.mismatch(golden.resolve("tokenizer.json"), directory.resolve("out/tokenizer.json")))
                .isEqualTo(-1);
    }

    @Test
    void copyTo_readOnlyOriginalsTwice_works() throws IOException {
        Path from = Files.createDirectory(directory.resolve("from"));
        Path more = Files.createDirectory(from.resolve("additional_chat_templates"));
        Files.writeString(more.resolve("tool_use.jinja"), "t");
        Path file = Files.writeString(from.resolve("tokenizer.json"), "{}");
        assertThat(file.toFile().setReadOnly()).isTrue();
        ModelFiles files = new ModelFiles(from);
        files.copyTo(directory.resolve("to"));
        files.copyTo(directory.resolve("to"));
        files.copyTo(from);
        assertThat(directory.resolve("to/tokenizer.json").toFile().canWrite()).isTrue();
        assertThat(directory.resolve("to/additional_chat_templates/tool_use.jinja"))
                .hasContent("t");
        assertThat(from.resolve("tokenizer.json")).hasContent("{}");
    }

    @Test
    void copyTo_aFileInTheWay_namesIt() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertThatThrownBy(() -> new ModelFiles(Golden.dir("tiny-chat")).copyTo(file))
                .isInstanceOf(OutputException.class)
                .hasMessageStartingWith(file.toString());
    }

    /** An adapter's directory that has a configuration as a model has one. */
    private ModelFiles adapterOf(String base) throws IOException {
        Path adapter = Files.createDirectories(directory.resolve("mine"));
        Files.writeString(adapter.resolve("config.json"), "{}");
        Files.writeString(adapter.resolve("adapter_config.json"), "{\"base_model_name_or_path\": \"" + base + "\"}");
        return new ModelFiles(adapter);
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "mine", "org/mine", "../mine", "a\\u0000b"})
    void base_ofAnAdapterThatNamesItself_isRefused(String base) throws IOException {
        ModelFiles adapter = adapterOf(base);
        assertThatThrownBy(adapter::base)
                .isInstanceOf(DataException.class)
                .hasMessageContaining("key \"base_model_name_or_path\": expected the directory of the base model");
        assertThatThrownBy(adapter::places).isInstanceOf(DataException.class);
    }

    @Test
    void base_besideAnAdapterOfItsName_isFound() throws IOException {
        Path base = Files.createDirectories(directory.resolve("mine/mine"));
        Files.writeString(base.resolve("config.json"), "{}");
        assertThat(adapterOf("mine").base()).contains(new ModelFiles(base));
    }

    @Test
    void chatTemplate_placesInOrder() throws IOException {
        ModelFiles files = new ModelFiles(directory);
        assertThat(files.chatTemplate()).isEmpty();
        Files.writeString(directory.resolve("chat_template.json"), "{\"chat_template\": \"oldest\"}");
        assertThat(files.chatTemplate()).contains("oldest");
        Path config = directory.resolve("tokenizer_config.json");
        Files.writeString(config, "{\"chat_template\": null}");
        assertThat(files.chatTemplate()).contains("oldest");
        Files.writeString(config, """
                {"chat_template": [{"name": "tool_use", "template": "t"}, {"name": "default", "template": "d"}]}
                """);
        assertThat(files.chatTemplate()).contains("d");
        Files.writeString(config, "{\"chat_template\": \"plain\"}");
        assertThat(files.chatTemplate()).contains("plain");
        Files.writeString(directory.resolve("chat_template.jinja"), "own\n");
        assertThat(files.chatTemplate()).contains("own\n");
    }

    @Test
    void toolUseTemplate_placesInOrder() throws IOException {
        ModelFiles files = new ModelFiles(directory);
        Path config = Files.writeString(directory.resolve("tokenizer_config.json"), "{\"chat_template\": \"plain\"}");
        assertThat(files.toolUseTemplate()).isEmpty();
        Files.writeString(config, "{\"chat_template\": [{\"name\": \"default\", \"template\": \"d\"}]}");
        assertThat(files.toolUseTemplate()).isEmpty();
        Files.writeString(config, """
                {"chat_template": [{"name": "default", "template": "d"}, {"name": "tool_use", "template": "t"}]}
                """);
        assertThat(files.toolUseTemplate()).contains("t");
        Files.writeString(directory.resolve("chat_template.jinja"), "own");
        assertThat(files.toolUseTemplate())
                .as("transformers ignores those in JSON")
                .isEmpty();
        Path more = Files.createDirectory(directory.resolve("additional_chat_templates"));
        Files.writeString(more.resolve("tool_use.jinja"), "more");
        assertThat(files.toolUseTemplate()).contains("more");
        assertThat(files.chatTemplate()).contains("own");
    }

    @Test
    void toolUseTemplate_ofAnAdapter_isItsBasesWhereItHasNoTemplate() throws IOException {
        ModelFiles adapter = adapterOf("base");
        Path base = Files.createDirectory(directory.resolve("base"));
        Files.writeString(base.resolve("config.json"), "{}");
        Files.writeString(base.resolve("chat_template.jinja"), "d");
        Files.writeString(
                Files.createDirectory(base.resolve("additional_chat_templates")).resolve("tool_use.jinja"), "t");
        assertThat(adapter.toolUseTemplate()).contains("t");
        adapter.copyTo(directory.resolve("copy"));
        assertThat(new ModelFiles(directory.resolve("copy")).toolUseTemplate()).contains("t");
        Files.writeString(adapter.directory().resolve("chat_template.jinja"), "own");
        assertThat(adapter.toolUseTemplate()).isEmpty();
    }

    @Test
    void chatTemplate_ofAnotherKind_isRefused() throws IOException {
        Path config = Files.writeString(
                directory.resolve("tokenizer_config.json"),
                "{\"chat_template\": [{\"name\": \"rag\", \"template\": \"t\"}]}");
        assertThatThrownBy(() -> new ModelFiles(directory).chatTemplate())
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(config + ": key \"chat_template\": expected a template or a list");
    }
}
