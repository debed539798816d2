package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.Section;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The largest integer under every key that takes one: told with its range, or taken without overflow. */
class IntegerKeysTest {
    private static final String LARGEST = Integer.toString(Integer.MAX_VALUE);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"sft", "distill", "reward", "rank", "policy"})
    void read_largestInteger_isToldWithItsRangeOrTaken(String command) {
        List<String> taken = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        collect(Commands.standard().named(command).configuration(), "", keys);
        assertThat(keys).contains("batch_size", "gradient_accumulation_steps", "max_steps", "max_length", "save_steps");
        for (String key : keys) {
            List<String> words =
                    new ArrayList<>(List.of("model=" + Golden.dir("tiny-chat"), "data=" + Golden.file("pairs.jsonl")));
            words.addAll(command.matches("distill|policy") ? List.of("teacher=" + Golden.dir("tiny-chat")) : List.of());
            if (command.equals("policy") && !key.equals("max_completion_length")) { // the model's context is 512
                words.add("max_completion_length=4");
            }
            if (key.endsWith("_layers")) { // one for each of the other's
                words.addAll(List.of("loss_type=hidden_mse", "student_layers=" + LARGEST, "teacher_layers=" + LARGEST));
            } else {
                words.add(key + "=" + LARGEST);
            }
            try {
                Commands.standard().named(command).read(null, words);
                taken.add(key);
            } catch (ConfigurationException refused) {
                assertThat(refused.getMessage())
                        .as("%s %s", command, key)
                        .contains(LARGEST, key.replaceFirst(".*\\.", ""), "expected");
            }
        }
        assertThat(taken).contains("max_steps", "max_length", "save_steps", "logging_steps", "save_total_limit");
    }

    /** Every key here was taken above; together they make one step. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rank   | batch_size gradient_accumulation_steps logging_steps save_steps save_total_limit max_length sync_ref_model=true ref_model_sync_steps max_rows
            rank   | lr_scheduler_type=inverse_sqrt lr_scheduler_kwargs.timescale batch_size sync_ref_model=true
            reward | batch_size gradient_accumulation_steps logging_steps save_steps save_total_limit max_length
            policy | num_iterations kl_target=1 kl_horizon logging_steps save_steps save_total_limit max_length
            """)
    void run_largestIntegers_makesAStep(String command, String keys) throws IOException {
        CommandRun run = run(command, keys);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(directory.resolve("run/metrics.jsonl"))
                .content()
                .hasLineCount(1)
                .contains("\"loss\":");
    }

    @Test
    void run_distillLargestIntegers_makesAStep() throws IOException {
        Path rows = Files.writeString(
                directory.resolve("rows.jsonl"),
                "{\"prompt\": [{\"role\": \"user\", \"content\": \"Hi\"}],"
                        + " \"completion\": [{\"role\": \"assistant\", \"content\": \"Hello\"}]}\n");
        CommandRun layers = run("distill", "loss_type=hidden_mse student_layers teacher_layers data=" + rows);
        assertThat(layers.code()).as(layers.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(layers.err()).contains("2147483647");
        String keys = "batch_size gradient_accumulation_steps chunk_size max_length teacher_top_k data=" + rows;
        CommandRun run = run("distill", keys + " teacher_cache=" + directory.resolve("cache"));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            batch_size                     | batch_size: expected batch_size x gradient_accumulation_steps, the answers that are sampled and kept together, to be at most 1048576, found 2147483647 x 1
            gradient_accumulation_steps    | to be at most 1048576, found 8 x 2147483647
            steps_per_generation           | batch_size: expected batch_size x steps_per_generation, the answers that are sampled and kept together, to be at most 1048576, found 8 x 2147483647
            steps_per_generation=1 gradient_accumulation_steps | gradient_accumulation_steps: expected batch_size x gradient_accumulation_steps, the answers of a step, to be at most 1048576
            num_generations                | num_generations: expected an integer in [1, 65536], found 2147483647
            max_staleness                  | max_staleness: expected an integer in [0, 1024], found 2147483647
            """)
    void run_policyOfTooManyAnswers_isTold(String keys, String said) {
        CommandRun run = run("policy", keys);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains(said);
    }

    /** Checkpoints without end need a disk without end. */
    @Test
    void run_moreCheckpointsThanTheDiskHolds_isToldBeforeTheFirstStep() {
        CommandRun run = run("reward", "max_steps save_steps=1 save_total_limit=0");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("MB free; checkpoints and model of this run take about ");
    }

    /** A key without a value gets the largest. */
    private CommandRun run(String command, String keys) {
        List<String> words = new ArrayList<>(List.of(command, "model=" + Golden.dir("tiny-chat")));
        List<String> given = Arrays.stream(keys.split(" "))
                .map(key -> key.contains("=") ? key : key + "=" + LARGEST)
                .toList();
        words.add("output=" + directory.resolve("run"));
        if (command.matches("distill|policy")) {
            words.add("teacher=" + Golden.dir("tiny-chat"));
        }
        if (command.equals("policy")) {
            words.add("max_completion_length=4");
        }
        if (!keys.contains("data=")) {
            words.add("data=" + Golden.file("pairs.jsonl"));
        }
        if (!keys.contains("max_steps")) {
            words.add("max_steps=1");
        }
        words.addAll(given);
        return CommandRun.of(words.toArray(String[]::new));
    }

    private static void collect(Class<?> type, String prefix, List<String> into) {
        for (RecordComponent component : type.getRecordComponents()) {
            String name = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            String kind = component.getGenericType().getTypeName();
            if (component.isAnnotationPresent(Group.class)) {
                collect(component.getType(), prefix, into);
            } else if (component.isAnnotationPresent(Section.class)) {
                collect(component.getType(), prefix + name + ".", into);
            } else if (component.isAnnotationPresent(Key.class) && (kind.equals("int") || kind.contains("Integer"))) {
                into.add(prefix + name);
            }
        }
    }
}
