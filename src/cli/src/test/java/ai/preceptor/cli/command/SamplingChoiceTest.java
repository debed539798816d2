package ai.preceptor.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import ai.preceptor.vector.StepsInJava;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code rollout_dtype=auto} is where several models sample, and what becomes of its record. */
@Tag("steps-in-java")
class SamplingChoiceTest {
    private static final Path MODEL = Golden.dir("tiny-chat");
    private static final String TOO_LARGE = "packed weights, and keys and values, take ";

    @TempDir
    Path directory;

    @BeforeEach
    void requireStepsInJava() {
        StepsInJava.assumePossible();
    }

    private Path data() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            rows.append("{\"prompt\": \"Say number ")
                    .append(i)
                    .append("\", \"completion\": \"It is ")
                    .append(i)
                    .append("\"}\n");
        }
        return Files.writeString(directory.resolve("rows.jsonl"), rows);
    }

    /** A model whose configuration says that no heap holds its packed weights; its weights are not there. */
    private Path large() throws IOException {
        Path large = Files.createDirectories(directory.resolve("large"));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(MODEL, "*.json*")) {
            for (Path file : files) {
                Files.copy(file, large.resolve(String.valueOf(file.getFileName())));
            }
        }
        ObjectNode config = (ObjectNode)
                new JsonMapper().readTree(large.resolve("config.json").toFile());
        config.put("intermediate_size", 1 << 24);
        Files.writeString(large.resolve("config.json"), config.toString());
        return large;
    }

    private CommandRun run(String command, String keys) throws IOException {
        List<String> words = new ArrayList<>(
                List.of(command, "data=" + data(), "output=" + directory.resolve("run"), "rollout_dtype=auto"));
        words.addAll(Arrays.asList(keys.replace("MODEL", MODEL.toString())
                .replace("LARGE", directory.resolve("large").toString())
                .split(" ", -1)));
        if (keys.contains("rollout_dtype=")) {
            words.remove("rollout_dtype=auto");
        }
        return CommandRun.of(words.toArray(String[]::new));
    }

    private CommandRun done(String command, String keys) throws IOException {
        CommandRun run = run(command, keys);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return run;
    }

    private Path record() {
        return directory.resolve("run/rollout.json");
    }

    /** As an earlier process left it, which died before it did anything else. */
    private Path recorded(String value) throws IOException {
        Path run = Files.createDirectories(directory.resolve("run"));
        Files.createFile(run.resolve("run.lock"));
        return Files.writeString(record(), "{\"rollout_dtype\": \"" + value + "\"}\n");
    }

    private static final String ELICIT =
            "model=MODEL teacher=LARGE teacher_mode=score num_generations=2" + " max_new_tokens=4 teacher_max_tokens=4";
    private static final String EVAL = "baseline=MODEL model=LARGE rule=brevity max_new_tokens=4";

    /** The first that is loaded does not choose for one that could not follow. */
    @ParameterizedTest
    @CsvSource({"elicit, " + ELICIT, "eval, " + EVAL})
    void choice_oneModelDoesNotFit_isLibtorch(String command, String keys) throws IOException {
        Path large = large();
        CommandRun run = run(command, keys);
        assertThat(run.err())
                .contains("rollout_dtype: none, because " + TOO_LARGE)
                .contains(" (" + large + ")\n");
        JsonNode record = new JsonMapper().readTree(record().toFile());
        assertThat(record.path("rollout_dtype").textValue()).isEqualTo("none");
        assertThat(record.path("because").textValue()).startsWith(TOO_LARGE);
    }

    @ParameterizedTest
    @CsvSource({"elicit, " + ELICIT, "eval, " + EVAL})
    void resumed_whereAModelDoesNotFit_isRefused(String command, String keys) throws IOException {
        large();
        Path record = recorded("float32");
        CommandRun run = run(command, keys + " resume=true");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("rollout_dtype: auto was float32 when the run began (" + record
                        + "), which is not possible here, because " + TOO_LARGE);
        assertThat(record).exists();
    }

    /** What is not there, is not waited for. */
    @ParameterizedTest
    @CsvSource({
        "10, model=MODEL rule=brevity num_generations=2",
        "5, model=MODEL chosen=row",
        "15, kind=demonstrations teacher=MODEL num_generations=3",
        "5, kind=corrections teacher=MODEL",
        "3, kind=corrections teacher=MODEL max_rows=3",
        "8, kind=prompts method=evolve teacher=MODEL"
    })
    void elicit_measuresAsManyRowsAsItsStepsHave(int rows, String keys) throws IOException {
        run(
                "elicit",
                keys
                        + (keys.contains("corrections")
                                ? " teacher_max_tokens=4"
                                : " max_new_tokens=4")); // a tiny model's replies may leave nothing to learn from
        assertThat(new JsonMapper().readTree(record().toFile()).path("rows").intValue())
                .isEqualTo(rows);
    }

    private static final String POLICY = "model=MODEL rule=brevity max_completion_length=4 batch_size=4 save_steps=1";

    @Test
    void resumed_withoutItsRecord_isRefusedBesideACheckpoint() throws IOException {
        done("policy", POLICY + " max_steps=1");
        Files.delete(record());
        CommandRun run = run("policy", POLICY + " max_steps=2 resume=true");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("rollout_dtype: expected " + record()
                        + ", which says what auto was when the run began, next to "
                        + directory.resolve("run/checkpoints/step-1") + ", found none; restore it");
    }

    @Test
    void resumed_withoutItsRecord_isRefusedBesideTheTeachersAnswers() throws IOException {
        Path run = Files.createDirectories(directory.resolve("run"));
        Files.createFile(run.resolve("run.lock"));
        Path answers = Files.writeString(
                run.resolve("teacher-answers.jsonl"), "{\"prompt\": \"One\", \"completion\": \"Two\"}\n");
        CommandRun refused = run("distill", "model=MODEL teacher=MODEL seq_kd=true resume=true");
        assertThat(refused.code()).as(refused.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(refused.err()).contains("when the run began, next to " + answers + ", found none");
    }

    /** It would say of the run what is not so. */
    @ParameterizedTest
    @ValueSource(strings = {"", " resume=true"})
    void recordOfAnAutoRun_goesWithTheKey(String resume) throws IOException {
        recorded("int8");
        done("policy", POLICY + " max_steps=1 rollout_dtype=float32" + resume);
        assertThat(record()).doesNotExist();
    }

    /** Measures are kept under what auto came to, as if it had been given. */
    @Test
    void eval_keepsMeasuresUnderTheChoice() throws IOException {
        String keys = "model=MODEL rule=brevity max_new_tokens=4 resume=true";
        done("eval", keys);
        String chosen = new JsonMapper()
                .readTree(record().toFile())
                .path("rollout_dtype")
                .textValue();
        String other = chosen.equals("none") ? "float32" : "none";
        Files.writeString(record(), "{\"rollout_dtype\": \"" + other + "\"}\n");
        assertThat(done("eval", keys).err()).contains("tiny-chat: 100% 5/5");
        List<JsonNode> rows = CommandRun.rows(directory.resolve("run/measured.jsonl"));
        assertThat(rows).hasSize(2);
        assertThat(rows)
                .extracting(row -> row.path("keys").asText().contains("rollout_dtype=float32"))
                .containsExactlyInAnyOrder(true, false);
        assertThat(done("eval", keys + " rollout_dtype=float32").err()).doesNotContain("prompts answered");
    }
}
