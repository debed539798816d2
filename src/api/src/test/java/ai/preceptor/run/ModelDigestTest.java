package ai.preceptor.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDigestTest {
    @TempDir
    private Path directory;

    private Path weights;
    private String before;

    @BeforeEach
    void writeParts() throws IOException {
        weights = Files.writeString(directory.resolve("m-00001-of-00002.gguf"), "1");
        Files.writeString(directory.resolve("m-00002-of-00002.gguf"), "2");
        Files.writeString(directory.resolve("chat_template.jinja"), "t");
        before = ModelDigest.of(weights, null);
    }

    @Test
    void of_aGgufFile_countsItsOtherPartsAndWhatWinsOverItsMetadata() throws IOException {
        for (String name : List.of(
                "m-00002-of-00002.gguf",
                "chat_template.jinja",
                "tokenizer.json",
                "tokenizer_config.json",
                "special_tokens_map.json",
                "config.json",
                "generation_config.json")) {
            Files.writeString(directory.resolve(name), "changed");
            String after = ModelDigest.of(weights, null);
            assertThat(after).as(name).isNotEqualTo(before);
            before = after;
        }
    }

    @Test
    void of_aGgufFile_countsNothingElseBesideIt() throws IOException {
        for (String name : List.of(
                "other.gguf", "m-00001-of-00003.gguf", "model.safetensors", "adapter_config.json", "README.md")) {
            Files.writeString(directory.resolve(name), "other");
        }
        assertThat(ModelDigest.of(weights, null)).isEqualTo(before);
    }

    @Test
    void of_aDirectory_countsSpecialTokensAndTheTemplateForTools() throws IOException {
        String model = ModelDigest.of(directory, null);
        Files.writeString(directory.resolve("special_tokens_map.json"), "{}");
        String special = ModelDigest.of(directory, null);
        assertThat(special).isNotEqualTo(model);
        Files.writeString(
                Files.createDirectory(directory.resolve("additional_chat_templates"))
                        .resolve("tool_use.jinja"),
                "t");
        String tools = ModelDigest.of(directory, null);
        assertThat(tools).isNotEqualTo(special);
        Files.writeString(directory.resolve("README.md"), "other");
        assertThat(ModelDigest.of(directory, null)).isEqualTo(tools);
    }
}
