package ai.preceptor.cli.command.elicit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.MetricsPage;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a teacher reads before it answers, and how its answers are checked: {@code elicit kind=demonstrations}. */
class ElicitContextTest {
    private static final int PROMPTS = 70;

    @TempDir
    Path directory;

    private Path data;
    private Path demos;

    @BeforeEach
    void writeRows() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < PROMPTS; i++) {
            rows.append("{\"prompt\": [{\"role\": \"user\", \"content\": \"")
                    .append(i)
                    .append(" + 1?\"}], \"answer\": ")
                    .append(i + 1)
                    .append("}\n");
        }
        data = Files.writeString(directory.resolve("rows.jsonl"), rows);
        demos = Files.writeString(
                directory.resolve("demos.jsonl"),
                "{\"prompt\": \"5 + 5?\", \"completion\": \"ten\"}\n"
                        + "{\"prompt\": [{\"role\": \"user\", \"content\": \"6 + 6?\"}], \"completion\": \"twelve\"}\n"
                        + "{\"prompt\": \"7 + 7?\", \"completion\": \"fourteen\"}\n");
    }

    private CommandRun elicit(String output, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("elicit", "kind=demonstrations", "data=" + data, "output=" + directory.resolve(output)));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private static ServedReply reply(TeacherServer.Call call) {
        int number = Integer.parseInt(call.question().replaceAll(" .*", ""));
        return ServedReply.completion(
                switch (number) {
                    case 0 -> "It is 1.";
                    case 1 -> "One more than 1.\nAnswer: 3";
                    default -> "One more than " + number + ".\n\nAnswer: " + (number + 1);
                });
    }

    @Test
    void chainOfThought_isAskedForAfterDemonstrations_andChecked() throws IOException {
        try (TeacherServer server = TeacherServer.start(ElicitContextTest::reply)) {
            CommandRun run = elicit(
                    "cot",
                    "teacher_url=" + server.url(),
                    "teacher_model=writer",
                    "system_prompt=You add.",
                    "demos=" + demos,
                    "num_demos=2",
                    "cot=true");
            assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
            assertThat(server.calls()).hasSize(PROMPTS).allSatisfy(call -> {
                JsonNode messages = call.body().path("messages");
                assertThat(messages.size()).isEqualTo(6);
                assertThat(messages.at("/0/role").asText()).isEqualTo("system");
                assertThat(messages.at("/0/content").asText()).startsWith("You add.\n\nReason step by step");
                assertThat(messages.at("/2/role").asText()).isEqualTo("assistant");
                assertThat(messages.at("/2/content").asText()).isIn("ten", "twelve", "fourteen");
            });
        }
        List<JsonNode> rows = CommandRun.rows(directory.resolve("cot/demonstrations.jsonl"));
        assertThat(rows).hasSize(PROMPTS - 2).allSatisfy(row -> {
            int number = row.path("answer").intValue() - 1;
            assertThat(row.path("prompt").size())
                    .as("without what the teacher read")
                    .isEqualTo(1);
            assertThat(row.path("rationale").asText()).isEqualTo("One more than " + number + ".");
            assertThat(row.path("final_answer").asText()).isEqualTo("" + (number + 1));
            assertThat(row.at("/completion/0/content").asText())
                    .isEqualTo("One more than " + number + ".\n\nAnswer: " + (number + 1));
        });
        JsonNode summary = new ObjectMapper()
                .readTree(directory.resolve("cot/summary.json").toFile());
        assertThat(summary.path("answers/wrong").intValue()).isEqualTo(1);
        assertThat(summary.path("answers/no_answer_line").intValue()).isEqualTo(1);
        assertThat(summary.path("prompts/unchecked").intValue()).isZero();
        List<String> counts = new ArrayList<>();
        summary.fieldNames().forEachRemaining(counts::add);
        counts.removeIf(name -> !name.matches("(prompts|answers|demonstrations).*"));
        MetricsPage.requireDocumented(counts);
    }

    /** The ledger has whole batches of 64: with that of the second one gone, it alone is computed again. */
    @Test
    void localTeacher_isAskedOnce_whateverHappens() throws IOException {
        Path model = Golden.dir("tiny-chat");
        String[] keys = {"teacher=" + model, "max_new_tokens=3", "top_k=5", "num_generations=2"};
        CommandRun whole = elicit("whole", keys);
        assertThat(whole.code()).as(whole.err()).isEqualTo(ExitCode.DONE);
        Path result = directory.resolve("whole/demonstrations.jsonl");
        List<String> before = Files.readAllLines(result);
        Files.delete(result);
        String[] more = Arrays.copyOf(keys, keys.length + 1);
        more[keys.length] = "resume=true";
        assertThat(elicit("whole", more).code()).isEqualTo(ExitCode.DONE);
        assertThat(Files.readAllLines(result)).isEqualTo(before);
        assertThat(directory.resolve("whole/calls.sqlite")).isNotEmptyFile();
    }

    @Test
    void impossibleKeys_areRefused() throws IOException {
        Path model = Golden.dir("tiny-chat");
        assertThat(elicit("no", "teacher=" + model, "demos=" + demos, "num_demos=4")
                        .err())
                .contains("num_demos: expected 0 to the 3 rows of demos, found 4");
        assertThat(elicit("no", "teacher=" + model, "cot_template=" + demos).err())
                .contains("cot_template: expected cot=true, found false");
        assertThat(elicit("no", "teacher=" + model, "cot=true", "cot_template=" + demos)
                        .err())
                .contains("cot_template: ", "expected lines === system");
        assertThat(elicit("no", "teacher=" + model, "teacher_mode=score").err())
                .contains("teacher_mode: expected nothing without kind=preferences and chosen=score, found score");
        Path bare = Files.writeString(
                directory.resolve("bare.jsonl"), "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}\n");
        CommandRun run = elicit("no", "teacher=" + model, "demos=" + bare);
        assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains("bare.jsonl:1: expected a prompt and a completion, found messages");
    }
}
