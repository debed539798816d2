package ai.preceptor.formats.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdapterConfigTest {
    private static final String MODULE = "model.layers.0.self_attn.q_proj";

    @TempDir
    private Path directory;

    private AdapterConfig read(String more) throws IOException {
        Files.writeString(
                directory.resolve(AdapterConfig.FILE),
                "{\"peft_type\": \"LORA\", \"r\": 4, \"lora_alpha\": 8, " + more + "}");
        return AdapterConfig.read(directory);
    }

    @Test
    void scale_withPatterns_takesTheFirstThatMatchesTheEnd() throws IOException {
        AdapterConfig config =
                read("\"alpha_pattern\": {\"k_proj\": 2, \"layers\\\\.0\\\\..*\": 16, \"q_proj\": 32, \"proj\": 64}");
        assertThat(config.scale(MODULE, 4)).isEqualTo(4);
        assertThat(config.scale("model.layers.1.self_attn.q_proj", 4)).isEqualTo(8);
        assertThat(config.scale("model.layers.1.self_attn.k_proj", 4)).isEqualTo(0.5);
        assertThat(config.scale("model.layers.1.self_attn.o_proj", 4))
                .as("no name ends so after a dot")
                .isEqualTo(2);
    }

    @Test
    void rank_withPatterns_takesTheFirstThatMatchesTheEnd() throws IOException {
        AdapterConfig config = read("\"rank_pattern\": {\"k_proj\": 2, \"q_proj\": 16}");
        assertThat(config.rank(MODULE)).isEqualTo(16);
        assertThat(config.rank("model.layers.1.self_attn.o_proj")).isEqualTo(4);
    }

    /** They start an adapter's own matrices only. */
    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "false", "\"gaussian\"", "\"orthogonal\"", "\"eva\""})
    void read_startsThatLeaveTheBaseAlone_areRead(String start) throws IOException {
        assertThat(read("\"init_lora_weights\": " + start).lora().r()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "'alpha_pattern': {'q_proj(': 8} # key 'alpha_pattern': expected as keys a regular expression, found 'q_proj('",
                "'rank_pattern': {'[': 8} # key 'rank_pattern': expected as keys a regular expression, found '['",
                "'alpha_pattern': {'q_proj': '16'} # key 'alpha_pattern.q_proj': expected a number above 0, found string '16'",
                "'alpha_pattern': {'q_proj': {}} # key 'alpha_pattern.q_proj': expected a number above 0, found an object",
                "'alpha_pattern': {'q_proj': null} # key 'alpha_pattern.q_proj': expected a number above 0, found null",
                "'alpha_pattern': {'q_proj': 0} # key 'alpha_pattern.q_proj': expected a number above 0, found number 0",
                "'rank_pattern': {'q_proj': true} # key 'rank_pattern.q_proj': expected a whole number from 1 to 65536, found boolean true",
                "'rank_pattern': {'q_proj': 0.5} # key 'rank_pattern.q_proj': expected a whole number from 1 to 65536, found number 0.5",
                "'init_lora_weights': 'pissa' # key 'init_lora_weights': expected true, false, 'gaussian', 'orthogonal', 'eva' or null, found string 'pissa'",
                "'init_lora_weights': 'loftq' # key 'init_lora_weights': expected true, false,",
                "'alpha_pattern': 8 # key 'alpha_pattern': expected an object, found number 8",
                "'target_modules': '(' # key 'target_modules': expected a regular expression, found '('",
                "'target_modules': 8 # key 'target_modules': expected names of modules"
            })
    void read_ofABadPattern_namesFileAndKey(String more, String problem) {
        assertThatThrownBy(() -> read(more.replace('\'', '"')))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(directory.resolve(AdapterConfig.FILE) + ": " + problem.replace('\'', '"'));
    }

    @Test
    void read_ofAnEndlessPattern_isRefused() {
        assertThatThrownBy(() -> read("\"alpha_pattern\": {\"" + "a".repeat(10_001) + "\": 8}"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("at most 10000 chars, found 10001");
        assertThatThrownBy(() -> read("\"target_modules\": \"" + "a".repeat(10_001) + "\""))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("at most 10000 chars, found 10001");
    }

    @Test
    void scale_ofAPatternThatBacktracksWithoutEnd_isRefused() throws IOException {
        AdapterConfig config = read("\"alpha_pattern\": {\"(([a-z._0-9]+)+)\\\\2X\": 8}");
        assertThatThrownBy(() -> config.scale(MODULE.repeat(2), 4))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("alpha_pattern of adapter_config.json: expected a regular expression without"
                        + " repetitions inside repetitions, found \"(([a-z._0-9]+)+)\\2X\", which takes more than");
    }

    @Test
    void chooses_byAPatternThatBacktracksWithoutEnd_isRefused() throws IOException {
        AdapterConfig config = read("\"target_modules\": \"(([a-z._0-9]+)+)\\\\2X\"");
        assertThatThrownBy(() -> config.lora().targetModules().chooses(MODULE.repeat(2)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("target modules: expected a regular expression without repetitions");
    }

    @Test
    void chooses_byPatternsAsPeopleWriteThem_matchesWholeNames() throws IOException {
        TargetModules targets =
                read("\"target_modules\": \"^(?!.*vision)(?:.*?(?:self_attn|mlp).*?(?:q_proj|up_proj))$\"")
                        .lora()
                        .targetModules();
        assertThat(targets.chooses(MODULE)).isTrue();
        assertThat(targets.chooses("vision.layers.0.self_attn.q_proj")).isFalse();
        assertThat(targets.chooses("model.layers.0.self_attn.k_proj")).isFalse();
    }
}
