package ai.preceptor.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.preceptor.data.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kind of mistake, word for word. {@code %} stands for the file's own name. */
class SettingsProblemsTest {
    @TempDir
    Path directory;

    @Test
    void read_manyMistakes_tellsAllAtOnceWithPositions() throws IOException {
        List<String> problems = problems("""
                modle: student
                learnin_rate: 1e-4
                batch_size: 0
                beta: lots
                shuffle: yes
                loss_type: [sigmoid, hing]
                reward:
                  max_step: 3
                """, "seed=1.5");
        assertThat(problems)
                .containsExactlyInAnyOrder(
                        "%:1:1: modle: unknown key, found \"student\"; nearest known key is model",
                        "%:2:1: learnin_rate: unknown key, found 1e-4; nearest known key is learning_rate",
                        "%:3:13: batch_size: expected an integer in [1, inf), found 0",
                        "%:4:7: beta: expected a number in [0, inf), found \"lots\"",
                        "%:5:10: shuffle: expected true or false, found \"yes\"",
                        "%:6:22: loss_type: expected one of sigmoid, hinge, sigmoid_norm, found \"hing\"; nearest is hinge",
                        "%:8:3: reward.max_step: unknown key, found 3; nearest known key is reward.max_steps",
                        "command line: seed: expected an integer, found 1.5");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "batch_size: 012      | %:2:13: batch_size: expected an integer in [1, inf), found \"012\"",
                "batch_size: '8'      | %:2:13: batch_size: expected an integer in [1, inf), found \"8\"",
                "batch_size: 8.0      | %:2:13: batch_size: expected an integer in [1, inf), found 8.0",
                "batch_size: 1e3      | %:2:13: batch_size: expected an integer in [1, inf), found 1e3",
                "batch_size: 3000000000 | %:2:13: batch_size: expected an integer in [1, inf), found 3000000000",
                "batch_size: 99999999999999999999 | %:2:13: batch_size: expected an integer in [1, inf), found 99999999999999999999",
                "batch_size: true     | %:2:13: batch_size: expected an integer in [1, inf), found \"true\"",
                "batch_size: [8]      | %:2:13: batch_size: expected an integer in [1, inf), found a list of 1",
                "max_steps: 0         | %:2:12: max_steps: expected an integer in [1, inf), found 0",
                "beta: -0.1           | %:2:7: beta: expected a number in [0, inf), found -0.1",
                "beta: .inf           | %:2:7: beta: expected a number in [0, inf), found \".inf\"",
                "beta: .nan           | %:2:7: beta: expected a number in [0, inf), found \".nan\"",
                "beta: 1e999          | %:2:7: beta: expected a number in [0, inf), found 1e999",
                "loss_weights: [1, 0] | %:2:19: loss_weights: expected a number in (0, inf), found 0",
                "loss_weights: 1,2    | %:2:15: loss_weights: expected a number in (0, inf), found \"1,2\"; several are written [a, b]",
                "loss_type: {a: 1}    | %:2:12: loss_type: expected one of sigmoid, hinge, sigmoid_norm, found a section with keys a",
                "reward: 3            | %:2:9: reward: expected a section with keys of its own, found 3",
                "data: nowhere.jsonl  | %:2:7: data: expected an existing file, found \"nowhere.jsonl\": it does not exist",
                "warmup_steps: 3      | %:2:15: warmup_steps: expected at most max_steps 2, found 3"
            })
    void read_oneMistake_isToldWithItsPosition(String line, String problem) throws IOException {
        String steps = line.startsWith("warmup") ? "\nmax_steps: 2" : "";
        assertThat(problems("model: m\n" + line + steps)).containsExactly(problem);
    }

    @Test
    void read_crossCheckOfARefusedKey_isLeftOut() throws IOException {
        assertThat(problems("model: m\nmax_steps: 2\nwarmup_steps: -1"))
                .containsExactly("%:3:15: warmup_steps: expected an integer in [0, inf), found -1");
    }

    @Test
    void read_keysThatResembleNone_areToldWithTheListOfAllOnce() throws IOException {
        assertThat(problems("model: m\nzzz: 1\nqqq: 2\nreward: {zzz: 3}"))
                .containsExactly(
                        "%:2:1: zzz: unknown key, found 1",
                        "%:3:1: qqq: unknown key, found 2",
                        "%:4:10: reward.zzz: unknown key, found 3",
                        "known keys: model, learning_rate, batch_size, max_steps, warmup_steps, shuffle, beta, loss_type,"
                                + " loss_weights, data, seed, reward, retry",
                        "known keys of reward: learning_rate, batch_size, max_steps, warmup_steps, shuffle");
    }

    @Test
    void read_wordsOfOtherPrograms_areExplainedAndNotToldTwice() throws IOException {
        assertThat(problems("model_name_or_path: m\nper_device_train_batch_size: 4\nwarmup_steps: 0.1"))
                .containsExactly(
                        "%:1:1: model_name_or_path: unknown key; TRL's model_name_or_path is model here: write model: m"
                                + " (a model directory or a name on the Hub)",
                        "%:2:1: per_device_train_batch_size: unknown key; TRL's per_device_train_batch_size is batch_size"
                                + " here: write batch_size: 4 (of each learner; policy counts answers, as TRL does)",
                        "%:3:15: warmup_steps: expected an integer in [0, inf), found 0.1; TRL's warmup_steps is"
                                + " warmup_ratio here: write warmup_ratio: 0.1 (warmup_steps is a number of steps)");
    }

    @Test
    void read_keyOfAnotherSection_pointsThere() throws IOException {
        assertThat(problems("model: m\nreward: {loss_weights: 3}"))
                .containsExactly(
                        "%:2:10: reward.loss_weights: unknown key, found 3; nearest known key is loss_weights");
    }

    @Test
    void read_keyGivenTwice_isToldForFileAndCommandLine() throws IOException {
        assertThat(problems("model: m\nbeta: 1\nbeta: 2", "seed=1", "seed=2"))
                .containsExactly("%:3:1: beta: given twice; first at %:2:1", "command line: seed: given twice");
    }

    @Test
    void read_brokenFile_isToldOnceWithThePlace() throws IOException {
        assertThat(problems("model: [m")).anyMatch(line -> line.startsWith("%:1:10: not valid YAML: "));
        assertThat(problems("- a\n- b", "model=m"))
                .containsExactly("%:1:1: expected keys (name: value), found a list of 2");
        assertThat(problems("model: m\n--- \nbeta: 1", "model=m")).anyMatch(line -> line.contains("not valid YAML"));
    }

    @Test
    void read_endlessAlias_isRefused() throws IOException {
        assertThat(problems("model: m\nreward: &a\n  retry: *a\n"))
                .anyMatch(line -> line.contains("nested deeper than 20"));
    }

    @Test
    void read_unreadableFile_isTold() throws IOException {
        Path missing = directory.resolve("missing.yaml");
        assertThat(thrown(missing, "model=m")).isEqualTo(missing + ": no such file");
        Path binary =
                Files.write(directory.resolve("latin.yaml"), "model: \u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(thrown(binary, "model=m")).isEqualTo(binary + ": not a text file in UTF-8");
    }

    @Test
    void read_argumentsThatAreNotKeyValue_areTold() throws IOException {
        assertThat(problems("model: m", "--beta", "=3", "reward=1", "reward.batch_size=2"))
                .containsExactly(
                        "command line: expected a value: --beta VALUE, or beta=VALUE",
                        "command line: expected key=value or --key value, found \"=3\"",
                        "command line: reward.batch_size: \"reward\" is given both as a value and as a section",
                        "command line: reward: expected a section with keys of its own, found 1");
    }

    @Test
    void read_nameThatNoFileCanHave_isToldWithItsKey() throws IOException {
        assertThat(problems("model: m", "data=a\ud800.jsonl"))
                .singleElement()
                .asString()
                .startsWith("command line: data: expected an existing file, found \"a")
                .contains(": it is no path: malformed input");
    }

    @Test
    void read_wordThatNoFileCanHave_isRefused() throws IOException {
        assertThat(problems("model: m", "a\ud800"))
                .singleElement()
                .asString()
                .startsWith("command line: a")
                .contains(": it is no path: malformed input");
    }

    private List<String> problems(String yaml, String... arguments) throws IOException {
        Path file = Files.writeString(directory.resolve("c.yaml"), yaml);
        return thrown(file, arguments).replace(file.toString(), "%").lines().toList();
    }

    private static String thrown(Path file, String... arguments) {
        Settings<SampleConfig> settings =
                Settings.of(SampleConfig.class).file(file).arguments(List.of(arguments));
        return catchThrowableOfType(ConfigurationException.class, settings::read)
                .getMessage();
    }
}
