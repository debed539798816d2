package ai.preceptor.cli.command.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MethodNamesTest {
    @Test
    void of_directories_namesRunsAndModelsOnce() {
        MethodNames names = new MethodNames();
        assertThat(names.of(Path.of("runs/dpo/model"))).isEqualTo("dpo");
        assertThat(names.of(Path.of("models/smollm2"))).isEqualTo("smollm2");
        assertThat(names.of(Path.of("other/dpo/model"))).isEqualTo("dpo-2");
        assertThat(names.of(Path.of("start"))).as("taken by the baseline").isEqualTo("start-2");
        assertThat(names.of(Path.of("/model"))).isEqualTo("model");
    }

    @Test
    void of_aModelOfTheHub_isItsRepositorysName() {
        String commit = "0123456789abcdef0123456789abcdef01234567";
        Path cached = Path.of("hub/models--org--small-2.1/snapshots/" + commit);
        assertThat(new MethodNames().of(cached)).isEqualTo("small-2.1");
    }

    @Test
    void of_modelsOfRounds_namesTheRoundsToo() {
        MethodNames names = new MethodNames();
        assertThat(names.of(Path.of("runs/it/round-1/dpo/model"))).isEqualTo("round-1/dpo");
        assertThat(names.of(Path.of("runs/it/round-2/dpo/model"))).isEqualTo("round-2/dpo");
        assertThat(names.of(Path.of("runs/round-x/dpo/model"))).isEqualTo("dpo");
    }
}
