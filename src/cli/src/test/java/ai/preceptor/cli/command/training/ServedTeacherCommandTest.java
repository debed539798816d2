package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A teacher behind a server in every command that has teachers. */
class ServedTeacherCommandTest {
    private static final Path STUDENT = Golden.dir("tiny-chat");

    @TempDir
    Path directory;

    private Path prompts;

    @BeforeEach
    void writePrompts() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            rows.append("{\"prompt\": [{\"role\": \"user\", \"content\": \"Say number ")
                    .append(i)
                    .append("\"}]}\n");
        }
        prompts = Files.writeString(directory.resolve("prompts.jsonl"), rows);
    }

    /** Grades by length and prefers the longer answer. */
    private static ServedReply judge(TeacherServer.Call call) {
        String question = call.question();
        if (question.contains("<answer B")) {
            int middle = question.indexOf("<answer B");
            int first = middle - question.indexOf("<answer A");
            int second = question.indexOf("Compare the two") - middle;
            return ServedReply.completion(
                    "I looked.\nVerdict: " + (first > second ? "A" : first < second ? "B" : "tie"));
        }
        return ServedReply.completion("Hm.\nScore: " + (1 + question.length() % 10));
    }

    private CommandRun run(String command, TeacherServer server, String output, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                command,
                "model=" + STUDENT,
                "data=" + prompts,
                "output=" + directory.resolve(output),
                "teacher_url=" + server.url(),
                "teacher_model=judge-1"));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    /** A model whose answers are not the student's. */
    private Path moved() {
        CommandRun rank = CommandRun.of(
                "rank",
                "model=" + STUDENT,
                "data=" + Golden.file("pairs.jsonl"),
                "output=" + directory.resolve("moved"),
                "max_steps=1",
                "learning_rate=1e-2");
        assertThat(rank.code()).as(rank.err()).isEqualTo(ExitCode.DONE);
        return directory.resolve("moved/model");
    }

    private JsonNode summary(String output) throws IOException {
        return new ObjectMapper()
                .readTree(directory.resolve(output).resolve("summary.json").toFile());
    }

    @Test
    void elicit_graded_stopsAtTheCap_andGoesOnWithAHigherOne_payingOnce() throws IOException {
        try (TeacherServer server = TeacherServer.start(ServedTeacherCommandTest::judge)) {
            String[] keys = {"max_new_tokens=6", "prompt_price=1000", "completion_price=1000", "teacher_max_tokens=10"};
            CommandRun capped = run("elicit", server, "run", with(keys, "max_cost=5"));
            assertThat(capped.code()).as(capped.err()).isEqualTo(ExitCode.INTERRUPTED);
            assertThat(capped.err()).contains("max_cost: ", "continue with a higher max_cost and resume=true");
            int paid = server.calls().size();
            assertThat(paid).isBetween(10, 46);
            CommandRun whole = run("elicit", server, "run", with(keys, "max_cost=500", "resume=true"));
            assertThat(whole.code()).as(whole.err()).isEqualTo(ExitCode.DONE);
            Set<String> different = new HashSet<>();
            server.calls().forEach(call -> different.add(call.question()));
            assertThat(server.calls()).as("no question twice").hasSameSizeAs(different);
            assertThat(summary("run").path("teacher/calls").intValue()).isEqualTo(different.size());
            assertThat(summary("run").path("teacher/cost").doubleValue())
                    .isCloseTo(0.11 * different.size(), within(1e-6));
            assertThat(directory.resolve("run/ranked.jsonl")).content().contains("\"scores\":");
        }
    }

    @Test
    void elicit_compared_asksInBothOrders() throws IOException {
        try (TeacherServer server = TeacherServer.start(ServedTeacherCommandTest::judge)) {
            CommandRun run =
                    run("elicit", server, "run", "max_new_tokens=6", "num_generations=2", "teacher_mode=compare");
            assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
            assertThat(server.calls().size() % 2).isZero();
            assertThat(summary("run").path("preferences").intValue()).isPositive();
            assertThat(summary("run").path("judge/comparisons").intValue())
                    .isBetween(1, server.calls().size() / 2);
            assertThat(summary("run").path("judge/first_preference").isNumber()).isTrue();
            assertThat(directory.resolve("run/ledger.jsonl"))
                    .content()
                    .contains("\"teacher\":\"judge-1 at " + server.url() + ", COMPARE, standard template\"");
        }
    }

    @Test
    void policy_andEval_useItToo() throws IOException {
        try (TeacherServer server = TeacherServer.start(ServedTeacherCommandTest::judge)) {
            CommandRun policy = run(
                    "policy",
                    server,
                    "policy",
                    "batch_size=8",
                    "max_completion_length=6",
                    "max_steps=2",
                    "rule=brevity",
                    "reward_weights=[1, 0.5]");
            assertThat(policy.code()).as(policy.err()).isEqualTo(ExitCode.DONE);
            assertThat(summary("policy").path("teacher/calls").intValue()).isBetween(2, 16);
            assertThat(CommandRun.rows(directory.resolve("policy/samples.jsonl")))
                    .hasSize(16)
                    .allMatch(sample -> sample.path("score").isNumber());
            CommandRun eval = run("eval", server, "eval", "baseline=" + STUDENT, "max_new_tokens=6", "max_rows=4");
            assertThat(eval.code()).as(eval.err()).isEqualTo(ExitCode.DONE);
            assertThat(summary("eval").path("win_rate").isNumber()).isTrue();
            assertThat(summary("eval").has("judge/comparisons")).isFalse();
        }
    }

    /** A judge that always prefers the first answer: each verdict turns with the order. */
    @Test
    void eval_compared_tellsWhatTheOrderDid() throws IOException {
        try (TeacherServer server = TeacherServer.start(call -> ServedReply.completion("Verdict: A"))) {
            CommandRun eval = run(
                    "eval",
                    server,
                    "eval",
                    "baseline=" + moved(),
                    "max_new_tokens=6",
                    "max_rows=4",
                    "teacher_mode=compare");
            assertThat(eval.code()).as(eval.err()).isEqualTo(ExitCode.DONE);
            JsonNode start = summary("eval").path("methods").path(0);
            JsonNode student = summary("eval").path("methods").path(1);
            assertThat(start.has("judge/comparisons")).isFalse();
            assertThat(student.path("judge/comparisons").intValue()).isBetween(1, 4);
            assertThat(student.path("judge/disagreement").doubleValue()).isEqualTo(1);
            assertThat(student.path("judge/first_preference").doubleValue()).isEqualTo(1);
            assertThat(student.path("judge/undecided").doubleValue()).isZero();
            assertThat(eval.out()).contains("turned").containsPattern("win rate.*\\n(.*\\n)+.*100\\.0 %");
            assertThat(directory.resolve("eval/report.html")).content().contains("100.0 %");
        }
    }

    /** Every third call goes wrong, each time in another way. */
    @Test
    void policy_withATeacherInTrouble_learnsFromTheSameScores() throws IOException {
        List<ServedReply> faults = List.of(
                ServedReply.error(429, Map.of("retry-after-ms", "5"), "slow down"),
                ServedReply.reset(),
                ServedReply.cut("Score: 1"),
                ServedReply.json(200, Map.of(), "<html>gateway</html>"),
                ServedReply.json(200, Map.of(), ServedReply.completionBody("Score: 1", 2)),
                ServedReply.error(503, "overloaded"),
                ServedReply.late(Duration.ofSeconds(2), ServedReply.completion("Score: 1")));
        String[] keys = {"batch_size=8", "max_completion_length=6", "max_steps=3", "teacher_timeout=1"};
        try (TeacherServer well = TeacherServer.start(ServedTeacherCommandTest::judge);
                TeacherServer troubled = TeacherServer.start(
                        call -> call.number() % 3 == 1 ? faults.get(call.number() / 3 % faults.size()) : judge(call))) {
            CommandRun expected = run("policy", well, "well", keys);
            assertThat(expected.code()).as(expected.err()).isEqualTo(ExitCode.DONE);
            CommandRun run = run("policy", troubled, "troubled", keys);
            assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
            assertThat(directory.resolve("troubled/samples.jsonl"))
                    .hasSameTextualContentAs(directory.resolve("well/samples.jsonl"));
            assertThat(CommandRun.rows(directory.resolve("troubled/samples.jsonl")))
                    .hasSize(24)
                    .allMatch(sample -> sample.path("score").isNumber());
            assertThat(directory.resolve("troubled/dead-letters.jsonl")).doesNotExist();
            assertThat(troubled.calls()).hasSizeGreaterThan(well.calls().size() + 5);
            assertThat(summary("troubled").path("teacher/calls"))
                    .isEqualTo(summary("well").path("teacher/calls"));
        }
    }

    @Test
    void aServerThatRefusesTheKey_endsWithItsWords_andAllBadKeysAreToldAtOnce() {
        try (TeacherServer server = TeacherServer.start(call -> ServedReply.error(401, "no such key"))) {
            CommandRun run = run("elicit", server, "run", "max_new_tokens=6");
            assertThat(run.code()).isEqualTo(ExitCode.TEACHER_FAILED);
            assertThat(run.err()).contains("teacher judge-1@127.0.0.1: status 401: \"no such key\"");
            CommandRun bad = CommandRun.of(
                    "elicit",
                    "model=" + STUDENT,
                    "data=" + prompts,
                    "teacher_url=127.0.0.1:80",
                    "api_key_env=NO_SUCH_VARIABLE_HERE",
                    "max_cost=1");
            assertThat(bad.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
            assertThat(bad.err())
                    .contains(
                            "teacher_url: expected",
                            "teacher_model: expected the teacher's model name at teacher_url, found none",
                            "api_key_env: the environment variable NO_SUCH_VARIABLE_HERE is not set",
                            "max_cost: expected nothing where prompt_price and completion_price are 0, found 1.0");
        }
    }

    private static String[] with(String[] keys, String... more) {
        List<String> all = new ArrayList<>(Arrays.asList(keys));
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }
}
