package ai.preceptor.cli.command.elicit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with the rows is said before a model loads: the teacher of these runs cannot be loaded. */
class ElicitOrderTest {
    private static final Path STUDENT = Golden.dir("tiny-chat");

    @TempDir
    private Path directory;

    private Path teacher;

    @BeforeEach
    void writeBrokenModel() throws IOException {
        teacher = Files.createDirectories(directory.resolve("teacher"));
        Files.copy(STUDENT.resolve("config.json"), teacher.resolve("config.json"));
    }

    private CommandRun elicit(String rows, String... more) throws IOException {
        Path data = Files.writeString(directory.resolve("rows.jsonl"), rows);
        List<String> arguments =
                new ArrayList<>(List.of("elicit", "data=" + data, "output=" + directory.resolve("run")));
        arguments.addAll(Arrays.asList(more));
        if (arguments.stream().noneMatch(argument -> argument.startsWith("teacher="))) {
            arguments.add("teacher=" + teacher);
        }
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private void requireBadRow(CommandRun run, String problem) {
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains("rows.jsonl:2: " + problem);
        assertThat(directory.resolve("run/calls.sqlite")).doesNotExist();
    }

    @Test
    void preferences_readTheirRowsFirst() throws IOException {
        requireBadRow(
                elicit("{\"prompt\": \"a\"}\n{\"question\": \"b\"}\n", "model=" + STUDENT, "teacher_mode=score"),
                "key \"prompt\": missing");
        requireBadRow(
                elicit(
                        "{\"prompt\": \"a\", \"rubrics\": [{\"criterion\": \"short\", \"points\": 1}]}\n"
                                + "{\"prompt\": \"b\"}\n",
                        "model=" + STUDENT,
                        "teacher_mode=rubric"),
                "teacher_mode=rubric: ");
    }

    @Test
    void corrections_readTheirRowsFirst() throws IOException {
        String rows = "{\"prompt\": \"a\", \"completion\": \"b\"}\n{\"prompt\": \"c\"}\n";
        requireBadRow(elicit(rows, "kind=corrections"), "expected the keys prompt and completion");
        requireBadRow(
                elicit("{\"prompt\": \"a\"}\n{\"question\": \"b\"}\n", "kind=corrections", "model=" + STUDENT),
                "key \"prompt\": missing");
    }

    @Test
    void demonstrations_readTheirRowsFirst() throws IOException {
        requireBadRow(
                elicit("{\"prompt\": \"a\"}\n{\"question\": \"b\"}\n", "kind=demonstrations"),
                "key \"prompt\": missing");
    }

    @Test
    void answersOfAnEarlierRun_areRefusedFirst() throws IOException {
        requireBadRow(elicit("{\"prompt\": \"a\"}\n{}\n", "model=" + STUDENT, "teacher_mode=score"), "");
        Path earlier = Files.createDirectory(directory.resolve("run"));
        Files.writeString(earlier.resolve("run.lock"), "");
        Files.writeString(earlier.resolve("ledger.jsonl"), "");
        for (String kind : List.of("teacher_mode=score", "kind=corrections")) {
            CommandRun run = elicit("{\"prompt\": \"a\"}\n", kind, "model=" + STUDENT);
            assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
            assertThat(run.err()).contains("ledger.jsonl already holds answers");
        }
    }

    /** A column that the run would write is not silently lost. */
    @Test
    void columnsThatTheRunWrites_areRefused() throws IOException {
        String rows = "{\"prompt\": \"a\", \"completion\": \"b\"}\n"
                + "{\"prompt\": \"c\", \"completion\": \"d\", \"%s\": 1}\n";
        String refused = "column \"%s\": expected none of this name, which the run writes; rename it";
        for (String column : List.of("rationale", "final_answer")) {
            requireBadRow(elicit(rows.formatted(column), "kind=demonstrations", "cot=true"), refused.formatted(column));
        }
        for (String column : List.of("principles", "critiques")) {
            requireBadRow(elicit(rows.formatted(column), "kind=corrections"), refused.formatted(column));
        }
        for (String column : List.of("critiques", "instruction_following", "score")) {
            requireBadRow(
                    elicit(rows.formatted(column), "model=" + STUDENT, "teacher_mode=aspects", "select=best_of_n"),
                    refused.formatted(column));
        }
        for (String column : List.of("models", "chosen_model", "rejected_model")) {
            requireBadRow(
                    elicit(rows.formatted(column), "model=[" + STUDENT + ", " + teacher + "]", "teacher_mode=score"),
                    refused.formatted(column));
        }
    }

    /** A column for each model, by its name, and none for the aspects of each. */
    @Test
    void columnsOfAPanel_areRefused() throws IOException {
        String rows = "{\"prompt\": \"a\"}\n{\"prompt\": \"c\", \"%s\": 1}\n";
        String refused = "column \"%s\": expected none of this name, which the run writes; rename it";
        Path model = Files.createDirectories(directory.resolve("runs/dpo/model"));
        Files.copy(STUDENT.resolve("config.json"), model.resolve("config.json"));
        String[] panel = {
            "teacher=[" + model + ", " + teacher + "]",
            "model=" + STUDENT,
            "teacher_mode=aspects",
            "teacher_url=http://127.0.0.1:9/v1",
            "teacher_model=w"
        };
        for (String column : List.of("critiques", "w@127.0.0.1", "dpo", String.valueOf(teacher.getFileName()))) {
            requireBadRow(elicit(rows.formatted(column), panel), refused.formatted(column));
        }
        CommandRun other = elicit(rows.formatted("helpfulness"), panel);
        assertThat(other.err()).contains("tokenizer.json").doesNotContain("rename it");
    }

    @Test
    void seedsOfSeveralMessages_areBadRows() throws IOException {
        String good = "{\"prompt\": [{\"role\": \"user\", \"content\": \"Say a\"}]}\n";
        String bad = "{\"prompt\": [{\"role\": \"system\", \"content\": \"Be brief\"},"
                + " {\"role\": \"user\", \"content\": \"Say b\"}]}\n";
        String problem = "expected a prompt of one message with kind=prompts, found 2";
        String[] keys = {"kind=prompts", "method=evolve"};
        requireBadRow(elicit(good + bad, keys), problem);
        CommandRun skipped = elicit(good + bad, "kind=prompts", "method=evolve", "on_bad_row=skip");
        assertThat(skipped.err()).contains("rows.jsonl:2: " + problem).contains("holds no tokenizer.json");
    }

    @Test
    void roundsThatAreTooMany_areRefused() throws IOException {
        String row = "{\"prompt\": [{\"role\": \"user\", \"content\": \"Say a\"}]}\n";
        CommandRun run =
                elicit(row + row.replace("Say a", "Say b"), "kind=prompts", "method=evolve", "rounds=2000000000");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("rounds: expected an integer in [1, 1073741823] with 2 prompts and without num_prompts, found"
                        + " 2000000000");
    }
}
