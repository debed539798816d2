package ai.preceptor.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.config.SampleConfig.Loss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @TempDir
    Path directory;

    @Test
    void read_nothingButTheRequired_givesDefaultsOfEachPlace() {
        SampleConfig config = read("model=m");
        assertThat(config.training().learningRate()).isEqualTo(1e-6);
        assertThat(config.reward().learningRate()).isEqualTo(1e-4);
        assertThat(config.training().batchSize()).isEqualTo(8);
        assertThat(config.training().maxSteps()).isNull();
        assertThat(config.training().shuffle()).isTrue();
        assertThat(config.lossType()).containsExactly(Loss.SIGMOID);
        assertThat(config.lossWeights()).isNull();
        assertThat(config.seed()).isEqualTo(42L);
        assertThat(config.retry()).isNull();
    }

    @Test
    void read_argumentsOverFile_winKeyByKey() throws IOException {
        Path yaml = yaml("""
                model: from-file
                beta: 0.5
                reward:
                  batch_size: 4
                  learning_rate: 2.5e-3
                """);
        SampleConfig config = Settings.of(SampleConfig.class)
                .file(yaml)
                .arguments(List.of(
                        "beta=.25", "reward.batch_size=2", "retry.max_steps=3", "loss_type=[hinge, sigmoid_norm]"))
                .read();
        assertThat(config.model()).isEqualTo("from-file");
        assertThat(config.beta()).isEqualTo(0.25);
        assertThat(config.reward().batchSize()).isEqualTo(2);
        assertThat(config.reward().learningRate()).isEqualTo(2.5e-3);
        assertThat(config.retry().maxSteps()).isEqualTo(3);
        assertThat(config.lossType()).containsExactly(Loss.HINGE, Loss.SIGMOID_NORM);
    }

    @Test
    void read_textThatYamlWouldGuessAt_staysAsWritten() throws IOException {
        assertThat(Settings.of(SampleConfig.class)
                        .file(yaml("model: 012"))
                        .read()
                        .model())
                .isEqualTo("012");
        assertThat(Settings.of(SampleConfig.class)
                        .file(yaml("model: no"))
                        .read()
                        .model())
                .isEqualTo("no");
        assertThat(Settings.of(SampleConfig.class)
                        .file(yaml("model: 'null'"))
                        .read()
                        .model())
                .isEqualTo("null");
        assertThat(read("model=a=b: [c").model()).isEqualTo("a=b: [c");
    }

    @Test
    void read_nullOnTheCommandLine_takesAwayWhatTheFileGave() throws IOException {
        Path yaml = yaml("model: m\nmax_steps: 5\nbeta: 3\nretry: {batch_size: 1}\n");
        SampleConfig config = Settings.of(SampleConfig.class)
                .file(yaml)
                .arguments(List.of("max_steps=null", "retry=", "beta=null"))
                .read();
        assertThat(config.training().maxSteps()).isNull();
        assertThat(config.retry()).isNull();
        assertThat(config.beta())
                .as("a key that cannot be null goes back to its default")
                .isEqualTo(0.1);
    }

    @Test
    void with_valuesFromJava_obeysTheSameRules() {
        SampleConfig config = Settings.of(SampleConfig.class)
                .with("model", Path.of("models", "student"))
                .with("beta", 0.3)
                .with("shuffle", false)
                .with("loss_type", List.of(Loss.HINGE))
                .with("retry.batch_size", 2)
                .read();
        assertThat(config.model()).isEqualTo("models/student");
        assertThat(config.beta()).isEqualTo(0.3);
        assertThat(config.training().shuffle()).isFalse();
        assertThat(config.lossType()).containsExactly(Loss.HINGE);
        assertThat(config.retry().batchSize()).isEqualTo(2);
    }

    @Test
    void resolved_readBack_givesAnEqualRecord() throws IOException {
        SampleConfig config = Settings.of(SampleConfig.class)
                .arguments(List.of("model=m", "learning_rate=3e-7", "loss_weights=[1,0.5]", "retry.max_steps=9"))
                .read();
        Path yaml = yaml(new Resolved(config).toYaml());
        assertThat(Settings.of(SampleConfig.class).file(yaml).read()).isEqualTo(config);
        assertThat(Files.readString(yaml)).startsWith("model: ").contains("max_steps: null", "learning_rate: 3.0E-7");
    }

    private SampleConfig read(String... arguments) {
        return Settings.of(SampleConfig.class).arguments(List.of(arguments)).read();
    }

    private Path yaml(String text) throws IOException {
        return Files.writeString(directory.resolve("config.yaml"), text);
    }
}
