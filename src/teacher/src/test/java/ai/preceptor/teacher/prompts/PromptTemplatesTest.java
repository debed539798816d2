package ai.preceptor.teacher.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptTemplatesTest {
    @TempDir
    private Path directory;

    @Test
    void ofADirectory_takeThePlaceOfTheProgramsOwn() throws IOException {
        Files.writeString(directory.resolve("deepen.txt"), "=== user\nDeeper: {{prompt}}\n");
        PromptTemplates templates = PromptTemplates.read(directory);
        assertThat(templates
                        .named("deepen")
                        .fill(Map.of("prompt", "Why?"))
                        .get(0)
                        .content())
                .isEqualTo("Deeper: Why?");
        assertThat(templates.byName()).hasSize(9);
    }

    @Test
    void withoutTheirPlace_areRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("meta.txt"), "=== user\nWrite a prompt.\n");
        assertThatThrownBy(() -> PromptTemplates.read(directory))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("template " + file + ": expected the places [attributes] in {{ }}")
                .hasMessageContaining("found []");
    }

    @Test
    void withAnotherName_areRefused() throws IOException {
        Files.writeString(directory.resolve("widen.txt"), "=== user\n{{prompt}}\n");
        assertThatThrownBy(() -> PromptTemplates.read(directory))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("prompt_templates: expected files breadth.txt, complicate.txt");
    }
}
