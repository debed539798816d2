package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.cli.config.OptionKeys;
import ai.preceptor.data.ConfigurationException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    private static final OptionKeys KEYS = new OptionKeys(
            Set.of("shuffle", "resume", "teacher", "beta", "prompt", "learning_rate"),
            Set.of("shuffle", "resume"),
            Set.of("teacher"));

    @Test
    void of_waysToWriteAValue_areTheSame() {
        assertThat(overrides("learning_rate=1e-5")).containsExactly("learning_rate=1e-5");
        assertThat(overrides("--learning_rate=1e-5")).containsExactly("learning_rate=1e-5");
        assertThat(overrides("--learning-rate", "1e-5")).containsExactly("learning_rate=1e-5");
        assertThat(overrides("--beta", "-1", "--prompt", "a=b")).containsExactly("beta=-1", "prompt=a=b");
    }

    @Test
    void of_flags_areTrueWithoutAValue() {
        assertThat(overrides("--resume", "--shuffle", "false")).containsExactly("resume=true", "shuffle=false");
        assertThat(overrides("--resume", "beta=1")).containsExactly("resume=true", "beta=1");
        assertThat(overrides("--no-shuffle", "--no_resume")).containsExactly("shuffle=false", "resume=false");
        assertThat(overrides("--resume=true")).containsExactly("resume=true");
        Arguments both = Arguments.of(List.of("--resume", "c.yaml"), KEYS);
        assertThat(both.overrides()).containsExactly("resume=true");
        assertThat(both.file()).isEqualTo(Path.of("c.yaml"));
    }

    @Test
    void of_lists_takeSeveralWords() {
        assertThat(overrides("--teacher", "a", "b", "--beta", "1")).containsExactly("teacher=[a,b]", "beta=1");
        assertThat(overrides("--teacher", "a", "beta=1")).containsExactly("teacher=a", "beta=1");
        assertThat(Arguments.of(List.of("--teacher", "a", "b", "c.yaml"), KEYS).file())
                .isEqualTo(Path.of("c.yaml"));
    }

    @Test
    void of_wordOfAListWithAComma_standsAloneOrIsRefused() {
        assertThat(overrides("--teacher", "[a,b]")).containsExactly("teacher=[a,b]");
        assertThat(overrides("--teacher", "[0-9]{1,2}.q_proj")).containsExactly("teacher=[0-9]{1,2}.q_proj");
        assertThatThrownBy(() -> overrides("--teacher", "[0-9]{1,2}.q_proj", "v_proj"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "command line: teacher: expected several values without commas, found \"[0-9]{1,2}.q_proj\";"
                                + " a configuration file can give such a list");
    }

    @Test
    void of_keysOfStages_keepTheStagesName() {
        assertThat(overrides("--stages.my-dpo.learning-rate", "1")).containsExactly("stages.my-dpo.learning_rate=1");
        assertThat(overrides("--stages.my-dpo.shuffle")).containsExactly("stages.my-dpo.shuffle=true");
        assertThat(overrides("--stages.my-dpo-0.1-1e-4.learning-rate", "1", "--stages.b-0.5.shuffle"))
                .containsExactly("stages.my-dpo-0.1-1e-4.learning_rate=1", "stages.b-0.5.shuffle=true");
    }

    @Test
    void of_configurationFile_isOneAtMost() {
        assertThat(Arguments.of(List.of("--config", "x.txt", "beta=1"), KEYS).file())
                .isEqualTo(Path.of("x.txt"));
        assertThatThrownBy(() -> Arguments.of(List.of("a.yml", "--config", "b.yaml"), KEYS))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("one CONFIG.yaml at most, found also b.yaml");
    }

    @Test
    void of_keyWithoutItsValue_isLeftToBeReported() {
        assertThat(overrides("--beta")).containsExactly("--beta");
        assertThat(overrides("--beta", "--resume")).containsExactly("--beta", "resume=true");
        assertThat(overrides("--", "runs/x")).containsExactly("--", "runs/x");
    }

    @Test
    void of_unknownKeyWithoutAValue_isAFlagOfAnotherProgram() {
        assertThat(overrides("--use_liger_kernel")).containsExactly("use_liger_kernel=true");
        assertThat(overrides("--bf16", "--beta", "1")).containsExactly("bf16=true", "beta=1");
        assertThat(overrides("--bf16", "beta=1")).containsExactly("bf16=true", "beta=1");
        assertThat(overrides("--bf16", "false")).containsExactly("bf16=false");
        Arguments withFile = Arguments.of(List.of("--tf32", "c.yaml"), KEYS);
        assertThat(withFile.overrides()).containsExactly("tf32=true");
        assertThat(withFile.file()).isEqualTo(Path.of("c.yaml"));
        assertThat(overrides("--config")).containsExactly("--config");
    }

    private static List<String> overrides(String... words) {
        return Arguments.of(List.of(words), KEYS).overrides();
    }
}
