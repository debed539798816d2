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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The modes of judging in the commands that have teachers, local and served. */
class JudgeModesCommandTest {
    private static final Path STUDENT = Golden.dir("tiny-chat");

    /** Small enough for the tiny model's context of 512 tokens. */
    private static final String PAIRS =
            "=== user\\n{{prompt}}\\nA: {{answer_a}}\\nB: {{answer_b}}\\nBetter?\\n".replace("\\n", "\n");

    @TempDir
    Path directory;

    private Path prompts;

    @BeforeEach
    void writePrompts() throws IOException {
        prompts = prompts(
                "[{\"criterion\": \"Is short.\", \"points\": 2}, {\"criterion\": \"Is rude.\", \"points\": -1}]");
    }

    private Path prompts(String rubrics) throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            rows.append(String.format(
                    Locale.ROOT,
                    "{\"prompt\": [{\"role\": \"user\", \"content\": \"Say number %d\"}], \"rubrics\": %s}%n",
                    i,
                    rubrics));
        }
        return Files.writeString(directory.resolve("prompts.jsonl"), rows);
    }

    private CommandRun elicit(String output, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "elicit",
                "model=" + STUDENT,
                "data=" + prompts,
                "output=" + directory.resolve(output),
                "max_new_tokens=6",
                "num_generations=3"));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private static String[] served(TeacherServer server, String... more) {
        List<String> all = new ArrayList<>(List.of("teacher_url=" + server.url(), "teacher_model=judge-1"));
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }

    private JsonNode summary(String output) throws IOException {
        return new ObjectMapper()
                .readTree(directory.resolve(output).resolve("summary.json").toFile());
    }

    /** The log-odds of A fall with the length of the question up to the second answer. */
    private static ServedReply odds(TeacherServer.Call call) {
        int length = call.question().indexOf("<answer B") % 7;
        return ServedReply.json(
                200,
                Map.of(),
                String.format(
                        Locale.ROOT,
                        "{\"choices\": [{\"index\": 0, \"finish_reason\": \"length\", \"message\": {\"content\": \"A\"},"
                                + " \"logprobs\": {\"content\": [{\"token\": \"A\", \"logprob\": -1, \"top_logprobs\":"
                                + " [{\"token\": \"A\", \"logprob\": %f}, {\"token\": \"B\", \"logprob\": -2}]}]}}],"
                                + " \"usage\": {\"prompt_tokens\": 9, \"completion_tokens\": 1}}",
                        -1 - length / 3.0));
    }

    @Test
    void probability_becomesThePairs_withoutAnotherCall() throws IOException {
        try (TeacherServer server = TeacherServer.start(JudgeModesCommandTest::odds)) {
            CommandRun run = elicit("run", served(server, "teacher_mode=probability", "pairs=all_pairs"));
            assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
            List<JsonNode> pairs = CommandRun.rows(directory.resolve("run/preferences.jsonl"));
            assertThat(pairs)
                    .isNotEmpty()
                    .allMatch(pair -> pair.path("chosen_probability").isNumber());
            Set<Double> different = new HashSet<>();
            pairs.forEach(pair -> different.add(pair.path("chosen_probability").doubleValue()));
            assertThat(different).hasSizeGreaterThan(1).allMatch(p -> p > 0 && p < 1);
            Set<String> questions = new HashSet<>();
            server.calls().forEach(call -> questions.add(call.question()));
            assertThat(server.calls()).as("no question twice").hasSameSizeAs(questions);
            assertThat(summary("run").path("judge/questions").intValue()).isEqualTo(questions.size() / 2);
            assertThat(summary("run").path("judge/disagreement").isNumber()).isTrue();
        }
    }

    /** The line that is printed counts the pairs of the file, of which one has no verdict. */
    @Test
    void probability_thatIsNotSaid_leavesItsPairOut_andIsTold() throws IOException {
        AtomicReference<String> first = new AtomicReference<>();
        try (TeacherServer server = TeacherServer.start(call -> {
            first.compareAndSet(null, call.question());
            return call.question().equals(first.get()) ? ServedReply.error(400, "no") : odds(call);
        })) {
            CommandRun run = elicit("run", served(server, "teacher_mode=probability", "pairs=all_pairs"));
            assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
            int pairs =
                    CommandRun.rows(directory.resolve("run/preferences.jsonl")).size();
            assertThat(run.out()).contains("\n" + pairs + " preferences of 6 prompts");
            assertThat(summary("run").path("preferences").intValue()).isEqualTo(pairs);
        }
    }

    @Test
    void aspects_areColumnsAndFigures_andCritiquesStay() throws IOException {
        try (TeacherServer server = TeacherServer.start(call -> ServedReply.completion(String.format(
                Locale.ROOT,
                "Could be kinder.%nhelpfulness: %d%nhonesty: 4%ninstruction following: 3%ntruthfulness: 2",
                1 + call.question().length() % 5)))) {
            CommandRun run = elicit("run", served(server, "teacher_mode=aspects"));
            assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
            for (JsonNode group : CommandRun.rows(directory.resolve("run/ranked.jsonl"))) {
                int answers = group.path("responses").size();
                assertThat(group.path("critiques"))
                        .hasSize(answers)
                        .allMatch(text -> text.asText().equals("Could be kinder."));
                assertThat(group.path("honesty")).hasSize(answers).allMatch(grade -> grade.doubleValue() == 4);
                assertThat(group.path("scores").path(0).doubleValue())
                        .isCloseTo((group.path("helpfulness").path(0).doubleValue() + 9) / 4, within(1e-9));
            }
            assertThat(summary("run").path("judge/honesty").doubleValue()).isEqualTo(4);
            assertThat(summary("run").path("judge/undecided").doubleValue()).isZero();
        }
    }

    /** Models that were trained here all lie in a directory {@code model}. */
    @Test
    void aPanelOfLocalModels_hasTheNamesOfTheirRuns() throws IOException {
        Path template = Files.writeString(directory.resolve("pairs.txt"), PAIRS);
        List<Path> judges = new ArrayList<>();
        for (String name : List.of("dpo", "rloo")) {
            Path model = Files.createDirectories(directory.resolve(name + "/model"));
            try (Stream<Path> files = Files.list(STUDENT)) {
                for (Path file : files.toList()) {
                    Files.copy(file, model.resolve(file.getFileName()));
                }
            }
            judges.add(model);
        }
        CommandRun run = elicit("run", "teacher=" + judges, "teacher_mode=probability", "teacher_template=" + template);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        JsonNode group = CommandRun.rows(directory.resolve("run/ranked.jsonl")).get(0);
        assertThat(group.path("dpo")).hasSameSizeAs(group.path("scores")).isEqualTo(group.path("rloo"));
        assertThat(group.path("dpo").path(0).isNumber()).isTrue();
        assertThat(summary("run").path("judge/dpo").isNumber()).isTrue();
    }

    @Test
    void aPanel_isAveraged_andEachOfItIsAPart() throws IOException {
        try (TeacherServer server = TeacherServer.start(call -> ServedReply.completion("Score: "
                + (call.body().path("model").asText().equals("strict")
                        ? 1
                        : 1 + call.question().length() % 10)))) {
            CommandRun run = elicit("run", "teacher_url=" + server.url(), "teacher_model=[strict, kind]");
            assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
            JsonNode group =
                    CommandRun.rows(directory.resolve("run/ranked.jsonl")).get(0);
            List<String> judges = new ArrayList<>();
            group.fieldNames().forEachRemaining(name -> {
                if (name.contains("strict") || name.contains("kind")) {
                    judges.add(name);
                }
            });
            assertThat(judges).hasSize(2);
            double kind = group.path(judges.get(0).contains("kind") ? judges.get(0) : judges.get(1))
                    .path(0)
                    .doubleValue();
            assertThat(group.path("scores").path(0).doubleValue()).isCloseTo((1 + kind) / 2, within(1e-9));
            assertThat(summary("run").path("judge/questions").intValue())
                    .isEqualTo(server.calls().size());
        }
    }

    @Test
    void rubric_withoutPositivePoints_isRefusedWithItsLine_beforeAnythingIsAsked() throws IOException {
        try (TeacherServer server = TeacherServer.start(call -> ServedReply.completion("1: met\n2: not met"))) {
            prompts("[{\"criterion\": \"Is rude.\", \"points\": -1}]");
            CommandRun run = elicit("bad", served(server, "teacher_mode=rubric"));
            assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
            assertThat(run.err())
                    .contains(prompts + ":1: teacher_mode=rubric: rubrics: expected a criterion with positive points");
            assertThat(server.calls()).isEmpty();
        }
    }

    @Test
    void aLocalModel_judgesToo_andARunThatGoesOnAsksNothingAgain() throws IOException {
        Path template = Files.writeString(directory.resolve("pairs.txt"), PAIRS);
        String[] keys = {
            "teacher=" + STUDENT, "teacher_mode=probability", "teacher_template=" + template, "pairs=all_pairs"
        };
        CommandRun run = elicit("run", keys);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(CommandRun.rows(directory.resolve("run/preferences.jsonl")))
                .isNotEmpty()
                .allMatch(pair -> Math.abs(pair.path("chosen_probability").doubleValue() - 0.5) < 0.4);
        int calls = summary("run").path("teacher/calls").intValue();
        assertThat(calls).isPositive();
        List<String> again = new ArrayList<>(List.of(keys));
        again.add("resume=true");
        String before = Files.readString(directory.resolve("run/preferences.jsonl"));
        CommandRun resumed = elicit("run", again.toArray(String[]::new));
        assertThat(resumed.code()).as(resumed.err()).isEqualTo(ExitCode.DONE);
        assertThat(summary("run").path("teacher/calls").intValue()).isEqualTo(calls);
        assertThat(directory.resolve("run/preferences.jsonl")).hasContent(before);
    }

    @Test
    void anotherTemplateUnderTheSamePath_isAnotherJudge() throws IOException {
        Path template = Files.writeString(directory.resolve("grade.txt"), "=== user\nGrade {{answer}} to {{prompt}}.");
        try (TeacherServer server = TeacherServer.start(
                call -> ServedReply.completion("Score: " + (1 + call.question().length() % 10)))) {
            String[] keys = served(server, "teacher_template=" + template, "resume=true");
            CommandRun run = elicit("run", keys);
            assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
            int calls = server.calls().size();
            Files.writeString(template, "=== user\nGrade {{answer}} to {{prompt}}, and be strict.");
            CommandRun other = elicit("run", keys);
            assertThat(other.code()).as(other.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
            assertThat(other.err()).contains("was elicited with teacher", "SCORE, template ");
            assertThat(server.calls()).hasSize(calls);
        }
    }

    @Test
    void eval_ofAMode_tellsHowOftenTheVerdictTurned() throws IOException {
        Path template = Files.writeString(directory.resolve("pairs.txt"), PAIRS);
        CommandRun eval = CommandRun.of(
                "eval",
                "model=" + STUDENT,
                "baseline=" + STUDENT,
                "seed=3",
                "data=" + prompts,
                "output=" + directory.resolve("eval"),
                "teacher=" + STUDENT,
                "teacher_mode=probability",
                "teacher_template=" + template,
                "max_new_tokens=6");
        assertThat(eval.code()).as(eval.err()).isEqualTo(ExitCode.DONE);
        assertThat(eval.out()).as("equal answers are not compared").doesNotContain("turned");
        assertThat(summary("eval").path("win_rate").doubleValue())
                .as("against itself")
                .isEqualTo(0.5);
        CommandRun other = CommandRun.of(
                "eval",
                "model=" + Golden.dir("tiny-teacher"),
                "baseline=" + STUDENT,
                "data=" + prompts,
                "output=" + directory.resolve("other"),
                "teacher=" + STUDENT,
                "teacher_mode=probability",
                "teacher_template=" + template,
                "max_new_tokens=6");
        assertThat(other.code()).as(other.err()).isEqualTo(ExitCode.DONE);
        assertThat(other.out()).contains("turned");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "teacher_mode=score teacher_votes=3 teacher_temperature=0 | teacher_temperature: expected above 0 with teacher_votes=3",
                "teacher_mode=yes_no teacher_votes=3 | teacher_votes: expected 1 with teacher_mode=yes_no",
                "teacher_mode=yes_no teacher_temperature=1 | teacher_temperature: expected none with teacher_mode=yes_no",
                "teacher_mode=yes_no teacher_max_tokens=5 | teacher_max_tokens: expected none with teacher_mode=yes_no, which reads probabilities, found 5",
                "teacher_mode=score teacher_labels=[A,B] | teacher_labels: expected two different words with teacher_mode=probability",
                "teacher_mode=yes_no teacher_labels=[Y,Y] | teacher_labels: expected two different words",
                "teacher_mode=compare probability_clamp=0.4 | probability_clamp: expected teacher_mode=probability",
                "teacher_mode=probability probability_clamp=0.5 | probability_clamp: expected a number in (0, 0.5), found 0.5",
                "teacher_mode=probability probability_temperature=1 | probability_temperature: expected none with teacher_mode=probability",
                "teacher_mode=score teacher_votes=0 | teacher_votes: expected an integer in [1, 1024], found 0",
                "teacher_votes=3 | teacher_votes: expected a teacher_url, or a teacher with a teacher_mode",
                "teacher_mode=yes_no teacher_labels=[Zebra,Quagga] | expected a word that is one token",
                "teacher_mode=better | teacher_mode: expected one of score, compare, probability, yes_no, aspects, rubric, rank",
            })
    void whatDoesNotGoTogether_isRefused_beforeAnythingIsAsked(String keys, String message) {
        List<String> all = new ArrayList<>(List.of(keys.split(" ")));
        all.add("teacher=" + STUDENT);
        CommandRun run = elicit("bad", all.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains(message);
    }

    /** The other model of the panel, which is no model at all, would fail when it is loaded. */
    @ParameterizedTest
    @CsvSource({"elicit, num_generations=2", "policy, max_steps=1", "eval, baseline=MODEL"})
    void aRewardModel_hasNoWords_andIsRefusedBeforeAModelIsLoaded(String command, String key) throws IOException {
        Path broken = Files.createDirectories(directory.resolve("broken"));
        Files.copy(STUDENT.resolve("config.json"), broken.resolve("config.json"));
        Path reward = Golden.dir("models/llama-reward");
        CommandRun run = CommandRun.of(
                command,
                "model=" + STUDENT,
                "data=" + prompts,
                "output=" + directory.resolve("bad"),
                "teacher=[" + broken + ", " + reward + "]",
                "teacher_mode=score",
                command.equals("policy") ? "max_completion_length=8" : "seed=1",
                key.replace("MODEL", STUDENT.toString()));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("teacher_mode: expected a language model as teacher, which can be asked in words, found a"
                        + " reward model in " + reward + ", which scores without teacher_mode");
        assertThat(directory.resolve("bad/calls.sqlite")).doesNotExist();
    }

    @Test
    void filesThatLackTheirPlaces_andPanelsThatAreNone_areRefused() throws IOException {
        Path principles = Files.writeString(directory.resolve("principles.txt"), "Be kind.\n");
        Path template = Files.writeString(directory.resolve("pairs.txt"), PAIRS);
        CommandRun place = elicit(
                "bad",
                "teacher=" + STUDENT,
                "teacher_mode=compare",
                "teacher_template=" + template,
                "teacher_principles=" + principles);
        assertThat(place.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(place.err())
                .contains("teacher_template: template " + template + ": expected the places", "principle");
        CommandRun panel = elicit("bad", "teacher=[" + STUDENT + ", " + Golden.dir("models/llama") + "]");
        assertThat(panel.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(panel.err()).contains("teacher: expected one, or a teacher_mode with several");
    }
}
