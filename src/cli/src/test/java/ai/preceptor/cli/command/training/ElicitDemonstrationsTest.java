package ai.preceptor.cli.command.training;

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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A teacher that answers itself: {@code elicit kind=demonstrations}. */
class ElicitDemonstrationsTest {
    private static final int PROMPTS = 10;
    private static final Path MODEL = Golden.dir("tiny-chat");

    @TempDir
    Path directory;

    private Path prompts;

    @BeforeEach
    void writePrompts() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < PROMPTS; i++) {
            rows.append("{\"prompt\": [{\"role\": \"user\", \"content\": \"Say number ")
                    .append(i)
                    .append("\"}], \"topic\": ")
                    .append(i)
                    .append("}\n");
        }
        prompts = Files.writeString(directory.resolve("prompts.jsonl"), rows);
    }

    private CommandRun elicit(String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("elicit", "kind=demonstrations", "data=" + prompts, "output=" + directory.resolve("run")));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private List<JsonNode> rows() throws IOException {
        return CommandRun.rows(directory.resolve("run/demonstrations.jsonl"));
    }

    private JsonNode summary() throws IOException {
        return new ObjectMapper().readTree(directory.resolve("run/summary.json").toFile());
    }

    private static ServedReply reply(TeacherServer.Call call) {
        return ServedReply.completion("I say " + call.question().replaceAll("\\D", "") + " by "
                + call.body().path("seed"));
    }

    @Test
    void servedTeacher_stopsAtTheCap_goesOnAndPaysOnce_andItsRowsTeach() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        try (TeacherServer server = TeacherServer.start(
                call -> calls.getAndIncrement() == 3 ? ServedReply.error(503, "busy") : reply(call))) {
            String[] keys = {
                "teacher_url=" + server.url(),
                "teacher_model=writer",
                "num_generations=2",
                "temperature=0.5",
                "max_new_tokens=33",
                "prompt_price=1000",
                "completion_price=1000"
            };
            CommandRun capped = elicit(with(keys, "max_cost=1"));
            assertThat(capped.code()).as(capped.err()).isEqualTo(ExitCode.INTERRUPTED);
            int paid = server.calls().size();
            assertThat(paid).isBetween(1, 19);
            CommandRun whole = elicit(with(keys, "max_cost=100", "resume=true"));
            assertThat(whole.code()).as(whole.err()).isEqualTo(ExitCode.DONE);
            assertThat(server.calls()).as("two a prompt, and one again").hasSize(2 * PROMPTS + 1);
            assertThat(server.calls())
                    .allMatch(call -> call.body().path("temperature").asDouble() == 0.5
                            && call.body().path("max_tokens").asInt() == 33);
            assertThat(rows()).hasSize(2 * PROMPTS);
            for (int i = 0; i < 2 * PROMPTS; i++) {
                JsonNode row = rows().get(i);
                assertThat(row.at("/prompt/0/content").asText()).isEqualTo("Say number " + i / 2);
                assertThat(row.at("/completion/0/role").asText()).isEqualTo("assistant");
                assertThat(row.at("/completion/0/content").asText())
                        .isEqualTo("I say " + i / 2 + " by " + (42 + i % 2));
                assertThat(row.path("topic").asInt()).isEqualTo(i / 2);
            }
            assertThat(summary().path("teacher/calls").asInt()).isEqualTo(2 * PROMPTS);
            assertThat(summary().path("demonstrations").asInt()).isEqualTo(2 * PROMPTS);
        }
        CommandRun learnt = CommandRun.of(
                "sft",
                "model=" + MODEL,
                "data=" + directory.resolve("run/demonstrations.jsonl"),
                "output=" + directory.resolve("sft"),
                "max_steps=1");
        assertThat(learnt.code()).as(learnt.err()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void answersThatAreNone_areLeftOutAndCounted() throws IOException {
        try (TeacherServer server = TeacherServer.start(call -> {
            String number = call.question().replaceAll("\\D", "");
            return switch (number) {
                case "0" -> ServedReply.completion("  ");
                case "1" -> ServedReply.error(400, "I do not say 1");
                default -> reply(call);
            };
        })) {
            CommandRun run = elicit("teacher_url=" + server.url(), "teacher_model=writer");
            assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
            assertThat(run.out())
                    .contains(
                            "8 demonstrations of 10 answers to 10 prompts: 1 blank, 1 not given, 0 truncated at the token limit");
            assertThat(rows()).hasSize(PROMPTS - 2);
            assertThat(summary().path("answers/blank").asInt()).isEqualTo(1);
            assertThat(summary().path("answers/missing").asInt()).isEqualTo(1);
            assertThat(server.calls()).as("a 400 is not sent again").hasSize(PROMPTS);
        }
    }

    @Test
    void localTeacher_answersToo() throws IOException {
        CommandRun run = elicit("teacher=" + MODEL, "max_new_tokens=5", "top_k=3");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(rows()).hasSizeBetween(1, PROMPTS);
        assertThat(summary().path("answers").asInt()).isEqualTo(PROMPTS);
        assertThat(summary().path("answers/unfinished").asInt()).isPositive();
        List<String> counts = new ArrayList<>();
        summary().fieldNames().forEachRemaining(counts::add);
        assertThat(counts).contains("answers/missing", "demonstrations");
        counts.removeIf(name -> !name.matches("(prompts|answers|demonstrations).*"));
        MetricsPage.requireDocumented(counts);
    }

    @Test
    void impossibleKeys_areRefused() {
        CommandRun rule = elicit("rule=brevity");
        assertThat(rule.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(rule.err()).contains("rule: expected teacher or teacher_url with kind=demonstrations, found a rule");
        CommandRun filtered = elicit("teacher_url=http://127.0.0.1:1/v1", "teacher_model=x", "top_p=0.9");
        assertThat(filtered.err())
                .contains("teacher_url: expected no sampling keys but temperature and max_new_tokens");
        CommandRun reward = elicit("teacher=" + Golden.dir("models/llama-reward"));
        assertThat(reward.err()).contains("teacher: expected a language model with kind=demonstrations");
        CommandRun preferences = CommandRun.of("elicit", "data=" + prompts, "rule=brevity", "num_generations=1");
        assertThat(preferences.err())
                .contains(
                        "model: expected a student that answers, with kind=preferences, found none",
                        "num_generations: expected 2 or more with kind=preferences, found 1");
    }

    private static String[] with(String[] keys, String... more) {
        List<String> all = new ArrayList<>(Arrays.asList(keys));
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }
}
