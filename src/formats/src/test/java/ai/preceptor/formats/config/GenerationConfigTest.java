package ai.preceptor.formats.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerationConfigTest {
    @TempDir
    Path directory;

    @Test
    void read_golden_hasItsIdsAndNoWishes() {
        GenerationConfig config = GenerationConfig.read(Golden.dir("tiny-chat"), 512);
        assertThat(config.specialIds().eos()).containsExactly(2);
        assertThat(config.specialIds().bos()).hasValue(0);
        assertThat(config.temperature()).isEmpty();
        assertThat(config.doSample()).isEmpty();
    }

    @Test
    void read_everyWish() throws IOException {
        write("""
                {"eos_token_id": [128001, 128008], "do_sample": true, "temperature": 0.6, "top_p": 0.9, "top_k": 50}
                """);
        GenerationConfig config = GenerationConfig.read(directory, 128_256);
        assertThat(config.specialIds().eos()).containsExactly(128_001, 128_008);
        assertThat(config.doSample()).contains(true);
        assertThat(config.temperature()).hasValue(0.6);
        assertThat(config.topP()).hasValue(0.9);
        assertThat(config.topK()).hasValue(50);
    }

    @Test
    void read_noFileOrTopKZero_isEmpty() throws IOException {
        assertThat(GenerationConfig.read(directory, 10).specialIds().eos()).isEmpty();
        write("{\"top_k\": 0}");
        assertThat(GenerationConfig.read(directory, 10).topK()).isEmpty();
        write("{\"do_sample\": false, \"temperature\": 0.0, \"top_p\": 0, \"top_k\": -1}");
        GenerationConfig off = GenerationConfig.read(directory, 10);
        assertThat(off.temperature()).isEmpty();
        assertThat(off.topP()).isEmpty();
        assertThat(off.topK()).isEmpty();
    }

    @Test
    void read_noFile_takesTheKeysOfTheModelsConfiguration() throws IOException {
        Path config = directory.resolve("config.json");
        Files.writeString(config, "{\"model_type\": \"llama\", \"eos_token_id\": [3, 4], \"temperature\": 0.6}");
        GenerationConfig found = GenerationConfig.read(directory, 10);
        assertThat(found.specialIds().eos()).containsExactly(3, 4);
        assertThat(found.temperature()).hasValue(0.6);
        Files.writeString(config, "{\"eos_token_id\": 10}");
        assertThatThrownBy(() -> GenerationConfig.read(directory, 10))
                .hasMessage(config + ": key \"eos_token_id\": expected a token id from 0 to 9, found number 10");
        write("{}");
        assertThat(GenerationConfig.read(directory, 10).specialIds().eos()).isEmpty();
    }

    @Test
    void read_badValues_areToldAtOnce() throws IOException {
        write("{\"eos_token_id\": 10, \"temperature\": \"hot\", \"top_k\": 1.5}");
        assertThatThrownBy(() -> GenerationConfig.read(directory, 10))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(directory.resolve("generation_config.json") + ": 3 problems")
                .hasMessageContaining("key \"eos_token_id\": expected a token id from 0 to 9, found number 10")
                .hasMessageContaining("key \"temperature\": expected a number above 0, found string \"hot\"")
                .hasMessageContaining("key \"top_k\"");
    }

    private void write(String json) throws IOException {
        Files.writeString(directory.resolve("generation_config.json"), json);
    }
}
