package ai.preceptor.cli.command.elicit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.ProgramProcess;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.MetricsPage;
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
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code elicit kind=corrections}. */
class ElicitCorrectionsTest {
    private static final int PROMPTS = 8;
    private static final Path MODEL = Golden.dir("tiny-chat");

    @TempDir
    Path directory;

    private Path data;

    @BeforeEach
    void writeRows() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < PROMPTS; i++) {
            rows.append("{\"prompt\": [{\"role\": \"user\", \"content\": \"Say number ")
                    .append(i)
                    .append("\"}], \"completion\": \"It is #")
                    .append(i)
                    .append("\"}\n");
        }
        data = Files.writeString(directory.resolve("rows.jsonl"), rows);
    }

    private List<String> arguments(String output, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("elicit", "kind=corrections", "data=" + data, "output=" + directory.resolve(output)));
        arguments.addAll(Arrays.asList(more));
        return arguments;
    }

    private CommandRun elicit(String output, String... more) {
        return CommandRun.of(arguments(output, more).toArray(String[]::new));
    }

    private List<JsonNode> rows(String output) throws IOException {
        return CommandRun.rows(directory.resolve(output).resolve("preferences.jsonl"));
    }

    private JsonNode summary(String output) throws IOException {
        return new ObjectMapper()
                .readTree(directory.resolve(output).resolve("summary.json").toFile());
    }

    /** A critique of, or a revision of, the number that the first answer names. */
    private static String words(TeacherServer.Call call) {
        String question = call.question();
        String number = question.substring(question.indexOf('#') + 1, question.indexOf('#') + 2);
        return question.contains("Where does the answer fall short")
                ? "too terse, number " + number
                : "The number is " + number + ".";
    }

    @Test
    void rowsAnswers_areCriticizedAndRevised_andTeach() throws IOException {
        Path principles = Files.writeString(directory.resolve("principles.txt"), "Be polite.\nBe right.\n");
        try (TeacherServer server = TeacherServer.start(call -> {
            if (call.question().contains("#3")) {
                return ServedReply.error(400, "I do not say 3");
            }
            return call.question().contains("#4")
                    ? ServedReply.completion("It is #4")
                    : ServedReply.completion(words(call));
        })) {
            CommandRun run =
                    elicit("run", "teacher_url=" + server.url(), "teacher_model=writer", "principles=" + principles);
            assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
            assertThat(run.out())
                    .contains("6 preferences of 8 answers to 8 prompts: 0 blank, 0 not given, 1 without a critique, 1"
                            + " unchanged by the revision, 0 truncated at the token limit");
            assertThat(server.calls()).hasSize(2 * PROMPTS - 1);
        }
        assertThat(rows("run")).hasSize(6).allSatisfy(row -> {
            String number = row.at("/prompt/0/content").asText().replaceAll("\\D", "");
            assertThat(row.at("/chosen/0/content").asText()).isEqualTo("The number is " + number + ".");
            assertThat(row.at("/rejected/0/content").asText()).isEqualTo("It is #" + number);
            assertThat(row.at("/critiques/0").asText()).isEqualTo("too terse, number " + number);
            assertThat(row.at("/principles/0").asText()).isIn("Be polite.", "Be right.");
        });
        List<String> counts = new ArrayList<>();
        summary("run").fieldNames().forEachRemaining(counts::add);
        counts.removeIf(name -> !name.matches("(prompts|answers|preferences).*"));
        assertThat(counts).contains("answers/no_critique", "answers/unchanged");
        MetricsPage.requireDocumented(counts);
        CommandRun learnt = CommandRun.of(
                "rank",
                "model=" + MODEL,
                "data=" + directory.resolve("run/preferences.jsonl"),
                "output=" + directory.resolve("rank"),
                "max_steps=1");
        assertThat(learnt.code()).as(learnt.err()).isEqualTo(ExitCode.DONE);
    }

    /** Killed while the seventh call is in flight: what was answered is never asked for again, and the files are equal. */
    @Test
    void killed_andGoneOnWith_paysOnce_andGivesTheSame() throws Exception {
        AtomicBoolean stalls = new AtomicBoolean(true);
        try (TeacherServer server = TeacherServer.start(call -> call.number() == 6 && stalls.get()
                ? ServedReply.late(Duration.ofMinutes(10), ServedReply.completion("too late"))
                : ServedReply.completion(words(call)))) {
            String[] keys = {"teacher_url=" + server.url(), "teacher_model=writer", "teacher_concurrency=1"};
            ProgramProcess program =
                    ProgramProcess.start(directory.resolve("log"), List.of(), arguments("killed", keys));
            while (server.calls().size() < 7) {
                assertThat(program.process().isAlive()).as(program.output()).isTrue();
                Thread.sleep(5);
            }
            program.process().destroyForcibly().waitFor();
            stalls.set(false);
            String[] more = Arrays.copyOf(keys, keys.length + 1);
            more[keys.length] = "resume=true";
            CommandRun resumed = elicit("killed", more);
            assertThat(resumed.code()).as(resumed.err()).isEqualTo(ExitCode.DONE);
            assertThat(server.calls()).as("only the one in flight again").hasSize(2 * PROMPTS + 1);
            assertThat(server.calls().stream()
                            .collect(Collectors.groupingBy(TeacherServer.Call::body, Collectors.counting())))
                    .hasSize(2 * PROMPTS);
            assertThat(elicit("whole", keys).code()).isEqualTo(ExitCode.DONE);
            assertThat(directory.resolve("killed/preferences.jsonl"))
                    .hasSameBinaryContentAs(directory.resolve("whole/preferences.jsonl"));
        }
    }

    /** A local teacher corrects what a student says; this one never comes to an end. Neither is asked twice. */
    @Test
    void localTeacher_correctsAStudent() throws IOException {
        String[] keys = {"model=" + MODEL, "teacher=" + MODEL, "max_new_tokens=4", "teacher_max_tokens=5"};
        for (String resume : List.of("false", "true")) {
            String[] more = Arrays.copyOf(keys, keys.length + 1);
            more[keys.length] = "resume=" + resume;
            CommandRun run = elicit("local", more);
            assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_DATA);
            assertThat(run.err())
                    .contains("nothing to learn from: 0 preferences of 8 answers to 8 prompts: 0 blank, 0 not given, 8"
                            + " with a truncated revision, 0 without a critique");
            assertThat(CommandRun.rows(directory.resolve("local/ledger.jsonl"))).hasSize(PROMPTS);
            try (CallLedger ledger = CallLedger.open(directory.resolve("local/calls.sqlite"))) {
                assertThat(ledger.totals().calls()).isEqualTo(2 * PROMPTS);
            }
        }
    }

    @Test
    void impossibleKeys_areRefused() throws IOException {
        assertThat(elicit("no", "rule=brevity").err())
                .contains("rule: expected teacher or teacher_url with kind=corrections, found a rule");
        assertThat(elicit("no", "teacher=" + MODEL, "cot=true").err())
                .contains("cot: expected nothing without kind=demonstrations, found true");
        Path empty = Files.writeString(directory.resolve("empty.txt"), "\n# none\n");
        assertThat(elicit("no", "teacher=" + MODEL, "principles=" + empty).err())
                .contains("principles: principles " + empty + ": expected one a line, found none");
        assertThat(CommandRun.of("elicit", "model=" + MODEL, "rule=brevity", "data=" + data, "revisions=2")
                        .err())
                .contains("revisions: expected nothing without kind=corrections, found 2");
        Path prompts = Files.writeString(directory.resolve("prompts.jsonl"), "{\"prompt\": \"a\"}\n");
        CommandRun bare = CommandRun.of(
                "elicit",
                "kind=corrections",
                "data=" + prompts,
                "teacher_url=http://127.0.0.1:1/v1",
                "teacher_model=x",
                "output=" + directory.resolve("bare"));
        assertThat(bare.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(bare.err()).contains("prompts.jsonl:1: expected the keys prompt and completion");
    }
}
