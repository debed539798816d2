package ai.preceptor.cli.command.elicit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which answers of a student become rows: {@code select}, {@code hint_retry}, {@code chosen=row}, several models. */
class ElicitSelectionTest {
    private static final int PROMPTS = 20;
    private static final Path STUDENT = Golden.dir("tiny-chat");

    @TempDir
    Path directory;

    private Path data;

    @BeforeEach
    void writeRows() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < PROMPTS; i++) {
            rows.append("{\"prompt\": [{\"role\": \"user\", \"content\": \"Say number ")
                    .append(i)
                    .append("\"}], \"completion\": \"the row's ")
                    .append(i)
                    .append("\", \"answer\": \"e\"}\n");
        }
        data = Files.writeString(directory.resolve("rows.jsonl"), rows);
    }

    private CommandRun elicit(String output, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "elicit", "data=" + data, "output=" + directory.resolve(output), "max_new_tokens=3", "temperature=2"));
        arguments.addAll(Arrays.asList(more));
        if (Arrays.stream(more).noneMatch(key -> key.startsWith("model="))) {
            arguments.add("model=" + STUDENT);
        }
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private List<JsonNode> rows(String output, String file) throws IOException {
        return CommandRun.rows(directory.resolve(output).resolve(file));
    }

    private JsonNode summary(String output) throws IOException {
        return new ObjectMapper()
                .readTree(directory.resolve(output).resolve("summary.json").toFile());
    }

    @Test
    void bestOfN_isTheBestOfTheGroup_andTeaches() throws IOException {
        CommandRun run = elicit("best", "rule=brevity", "select=best_of_n");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        Map<String, Double> best = new HashMap<>();
        for (JsonNode record : rows("best", "ledger.jsonl")) {
            double most = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < record.path("scores").size(); i++) {
                boolean blank = record.path("responses").path(i).asText().isBlank();
                most = blank
                        ? most
                        : Math.max(most, record.path("scores").path(i).doubleValue());
            }
            best.put(record.at("/prompt/0/content").asText(), most);
        }
        assertThat(rows("best", "demonstrations.jsonl"))
                .hasSize(PROMPTS)
                .allMatch(row -> row.path("score").doubleValue()
                        == best.get(row.at("/prompt/0/content").asText()));
        assertThat(summary("best").path("demonstrations").intValue()).isEqualTo(PROMPTS);
        CommandRun learnt = CommandRun.of(
                "sft",
                "model=" + STUDENT,
                "data=" + directory.resolve("best/demonstrations.jsonl"),
                "output=" + directory.resolve("sft"),
                "max_steps=1");
        assertThat(learnt.code()).as(learnt.err()).isEqualTo(ExitCode.DONE);
    }

    /** What is right in the second try is stored with the prompt of the first. */
    @Test
    void verified_withAHint_asksAgain_andStripsIt() throws IOException {
        String[] keys = {"rule=contains_answer", "select=verified", "hint_retry=true", "num_generations=1"};
        CommandRun run = elicit("hint", keys);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        List<JsonNode> rows = rows("hint", "demonstrations.jsonl");
        List<JsonNode> hinted =
                rows.stream().filter(row -> row.path("hinted").asBoolean()).toList();
        assertThat(hinted).isNotEmpty().hasSizeLessThan(rows.size());
        assertThat(rows)
                .allMatch(row -> row.at("/prompt/0/content").asText().startsWith("Say number ")
                        && row.at("/completion/0/content").asText().contains("e"));
        int right = rows.size() - hinted.size();
        assertThat(rows("hint", "ledger-hint.jsonl"))
                .hasSize(PROMPTS - right)
                .allMatch(row -> row.at("/prompt/0/content").asText().contains("is e. Answer"));
        assertThat(summary("hint").path("hint/prompts").intValue()).isEqualTo(PROMPTS - right);
        assertThat(summary("hint").path("demonstrations").intValue()).isEqualTo(rows.size());
        assertResumes("hint", keys, "ledger-hint.jsonl", "demonstrations.jsonl");
    }

    @Test
    void chosenRow_needsNoTeacher() throws IOException {
        CommandRun run = elicit("spin", "chosen=row");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        List<JsonNode> pairs = rows("spin", "preferences.jsonl");
        assertThat(pairs)
                .hasSizeBetween(1, PROMPTS)
                .allMatch(row -> row.at("/chosen/0/content")
                        .asText()
                        .equals("the row's "
                                + row.at("/prompt/0/content").asText().replaceAll("\\D", "")))
                .noneMatch(row -> row.path("rejected").equals(row.path("chosen")));
        assertThat(summary("spin").path("answers").intValue()).isEqualTo(PROMPTS);
        assertResumes("spin", new String[] {"chosen=row"}, "ledger.jsonl", "preferences.jsonl");
    }

    @Test
    void severalModels_areOneGroup_andEachIsNamed() throws IOException {
        Path other = Golden.dir("tiny-teacher");
        String[] keys = {"model=[" + STUDENT + "," + other + "]", "rule=brevity", "num_generations=2"};
        CommandRun run = elicit("pool", keys);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        List<String> both = List.of(STUDENT.toString(), other.toString());
        assertThat(rows("pool", "ledger.jsonl"))
                .hasSize(PROMPTS)
                .allMatch(row -> row.path("responses").size() == 4);
        TreeSet<String> seen = new TreeSet<>();
        for (JsonNode row : rows("pool", "ranked.jsonl")) {
            assertThat(row.path("models").size())
                    .isEqualTo(row.path("responses").size());
            row.path("models").forEach(model -> seen.add(model.asText()));
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(both);
        assertThat(rows("pool", "preferences.jsonl"))
                .isNotEmpty()
                .allMatch(row -> both.contains(row.path("chosen_model").asText())
                        && both.contains(row.path("rejected_model").asText()));
        assertResumes("pool", keys, "ledger-2.jsonl", "preferences.jsonl");
        assertResumes("pool", keys, "ledger.jsonl", "ranked.jsonl");
    }

    /** As if the process had died when half the ledger was there: the same files again. */
    private void assertResumes(String output, String[] keys, String ledger, String result) throws IOException {
        Path run = directory.resolve(output);
        List<String> before = Files.readAllLines(run.resolve(result));
        List<String> lines = Files.readAllLines(run.resolve(ledger));
        String half = String.join("\n", lines.subList(0, lines.size() / 2));
        Files.writeString(
                run.resolve(ledger), half + "\n" + lines.get(lines.size() / 2).substring(0, 9));
        Files.delete(run.resolve(result));
        String[] more = Arrays.copyOf(keys, keys.length + 1);
        more[keys.length] = "resume=true";
        CommandRun resumed = elicit(output, more);
        assertThat(resumed.code()).as(resumed.err()).isEqualTo(ExitCode.DONE);
        assertThat(Files.readAllLines(run.resolve(result))).isEqualTo(before);
    }

    @Test
    void impossibleKeys_areRefused() {
        assertThat(elicit("no", "rule=brevity", "chosen=row").err())
                .contains("teacher: expected none, with chosen=row, of teacher, teacher_url and rule, found 1");
        assertThat(elicit("no", "teacher=" + STUDENT, "select=verified").err())
                .contains("select: expected a rule that verifies, with select=verified, found none");
        assertThat(elicit("no", "rule=brevity", "max_per_prompt=2").err())
                .contains("max_per_prompt: expected nothing without select, found 2");
        assertThat(elicit("no", "rule=brevity", "select=best_of_n", "hint_retry=true")
                        .err())
                .contains("hint_retry: expected select=verified, found best_of_n");
        assertThat(elicit("no", "rule=brevity", "model=[" + STUDENT + "," + STUDENT + "]")
                        .err())
                .contains("model: expected models that differ");
        assertThat(elicit("no").err())
                .contains("teacher: expected exactly one of teacher, teacher_url and rule, found 0");
    }
}
