package ai.preceptor.cli.keys.inference;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What requests call a model whose name is not given. */
class ServedNameTest {
    @TempDir
    Path directory;

    @Test
    void ofARun_isTheRuns() throws IOException {
        assertThat(name("runs/dpo/model")).isEqualTo("dpo");
        assertThat(name("models/smollm2")).isEqualTo("smollm2");
    }

    @Test
    void ofAModelOfTheHub_isItsRepositorys() throws IOException {
        String commit = "0123456789abcdef0123456789abcdef01234567";
        assertThat(name("hub/models--org--small-2.1/snapshots/" + commit)).isEqualTo("org/small-2.1");
    }

    @Test
    void given_isKept() throws IOException {
        Path model = model("runs/dpo/model");
        assertThat(Settings.of(ServeConfig.class)
                        .with("model", model)
                        .with("served_model_name", "mine")
                        .read()
                        .options()
                        .modelName())
                .isEqualTo("mine");
    }

    private String name(String model) throws IOException {
        return Settings.of(ServeConfig.class)
                .with("model", model(model))
                .read()
                .options()
                .modelName();
    }

    private Path model(String path) throws IOException {
        Path model = Files.createDirectories(directory.resolve(path));
        Files.writeString(model.resolve("config.json"), "{}");
        return model;
    }
}
