package ai.preceptor.cli.command.evaluation;

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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several methods measured at once, what is kept of them, and what cannot be measured. */
class EvalCommandTest {
    private static final Path STUDENT = Golden.dir("tiny-chat");
    private static final Path REWARD = Golden.dir("models/llama-reward");
    private static final Path PAIRS = Golden.file("pairs.jsonl");

    @TempDir
    Path directory;

    private Path prompts;

    @BeforeEach
    void writePrompts() throws IOException {
        prompts = Files.writeString(
                directory.resolve("prompts.jsonl"),
                IntStream.range(0, 6)
                        .mapToObj(i -> "{\"prompt\": [{\"role\": \"user\", \"content\": \"Say number " + i + "\"}]}")
                        .collect(Collectors.joining("\n")));
    }

    @Test
    void eval_twoModels_measuresBothAgainstOneStart() throws IOException {
        CommandRun run = eval("model=[" + trained("a", 1) + "," + trained("b", 2) + "]", "baseline=" + STUDENT);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        JsonNode methods = summary().path("methods");
        assertThat(methods).extracting(row -> row.path("method").asText()).containsExactly("start", "a", "b");
        assertThat(methods.get(0).path("kl_to_reference").doubleValue()).isZero();
        assertThat(methods.get(1).path("kl_to_reference").doubleValue()).isPositive();
        assertThat(methods.get(1).path("seconds").doubleValue())
                .as("from the run that made the model")
                .isPositive();
        assertThat(methods.get(2).path("rule_score").doubleValue()).isBetween(0.0, 1.0);
        assertThat(summary().has("rule_score")).as("rows of several do not mix").isFalse();
        assertThat(run.err().lines().filter(line -> line.startsWith("start: 100%")))
                .as("the baseline is asked once")
                .hasSize(1);
    }

    @Test
    void eval_oneModel_standsInTheSummaryItself() throws IOException {
        eval("model=" + STUDENT);
        assertThat(summary().path("method").asText()).isEqualTo("tiny-chat");
        assertThat(summary().path("completions/mean_length").doubleValue()).isPositive();
        assertThat(summary().path("win_rate").isNull()).isTrue();
    }

    @Test
    void eval_intoAnEvaluation_isRefusedAndLeavesIt_finishedOrNot() throws IOException {
        Path out = directory.resolve("out");
        assertThat(eval("model=" + STUDENT).code()).isEqualTo(ExitCode.DONE);
        Map<String, String> before = contents(out);
        assertThat(before).containsKeys("summary.json", "measured.jsonl", "samples.jsonl", "config.yaml");
        CommandRun again = eval("model=" + STUDENT, "seed=7");
        assertThat(again.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(again.err()).contains("output: " + out, "already holds", "continue with resume=true");
        assertThat(contents(out)).isEqualTo(before);

        Files.delete(out.resolve("summary.json")); // as one that was stopped
        before.remove("summary.json");
        CommandRun stopped = eval("model=" + STUDENT, "seed=7");
        assertThat(stopped.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(stopped.err())
                .contains("output: " + out.resolve("measured.jsonl")
                        + " already holds measured methods; continue with resume=true");
        assertThat(contents(out)).isEqualTo(before);
        Files.writeString(out.resolve("measured.jsonl"), "");
        assertThat(eval("model=" + STUDENT, "seed=7").code())
                .as("nothing was measured")
                .isEqualTo(ExitCode.DONE);
    }

    @Test
    void eval_rewardModelIntoAnEvaluation_isRefusedUnlessResumed() throws IOException {
        Path out = directory.resolve("out");
        String[] words = {"eval", "model=" + trained("reward", "reward", 1), "data=" + PAIRS, "output=" + out};
        CommandRun first = CommandRun.of(words);
        assertThat(first.code()).as(first.err()).isEqualTo(ExitCode.DONE);
        Map<String, String> before = contents(out);
        CommandRun again = CommandRun.of(concat(words, "max_rows=4"));
        assertThat(again.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(again.err()).contains("already holds a run (its summary.json); continue with resume=true");
        assertThat(contents(out)).isEqualTo(before);
        CommandRun resumed = CommandRun.of(concat(words, "max_rows=4", "resume=true"));
        assertThat(resumed.code()).as(resumed.err()).isEqualTo(ExitCode.DONE);
    }

    /** Texts by name, but those of the process. */
    private static Map<String, String> contents(Path run) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        for (String name : List.of("summary.json", "measured.jsonl", "samples.jsonl", "config.yaml", "report.html")) {
            if (Files.exists(run.resolve(name))) {
                contents.put(name, Files.readString(run.resolve(name)));
            }
        }
        return contents;
    }

    @Test
    void eval_resumed_keepsWhatWasMeasuredUnderTheSameKeys() throws IOException {
        eval("model=" + STUDENT, "baseline=" + STUDENT);
        JsonNode first = summary();
        CommandRun again = eval("model=" + STUDENT, "baseline=" + STUDENT, "resume=true");
        assertThat(again.code()).as(again.err()).isEqualTo(ExitCode.DONE);
        assertThat(again.err()).doesNotContain("prompts answered");
        assertThat(summary()).isEqualTo(first);
        CommandRun other = eval("model=" + STUDENT, "baseline=" + STUDENT, "resume=true", "seed=7");
        assertThat(other.err()).contains("start: 100% 6/6", "tiny-chat: 100% 6/6");
        assertThat(directory.resolve("out/samples.jsonl")).content().hasLineCount(4);
    }

    @Test
    void eval_resumed_measuresAnotherModelUnderTheSamePath() throws IOException {
        Path model = trained("a", 1);
        eval("model=" + model);
        assertThat(eval("model=" + model, "resume=true").err()).doesNotContain("prompts answered");
        Path weights = model.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 2] ^= 8; // of the last number
        Files.write(weights, bytes);
        assertThat(eval("model=" + model, "resume=true").err()).contains("a: 100% 6/6");
    }

    @Test
    void eval_resumed_measuresOtherPromptsUnderTheSamePath() throws IOException {
        eval("model=" + STUDENT);
        String rows = Files.readString(prompts);
        Files.writeString(prompts, rows + "\n" + rows);
        assertThat(eval("model=" + STUDENT, "resume=true").err())
                .as("repeats are not measured")
                .doesNotContain("prompts answered");
        Files.writeString(prompts, rows.replace("number 3", "number 33"));
        assertThat(eval("model=" + STUDENT, "resume=true").err()).contains("tiny-chat: 100% 6/6");
        Files.writeString(prompts, rows.replace("number 3", "number 33").replace("}]}", "}], \"answer\": \"1\"}"));
        assertThat(eval("model=" + STUDENT, "resume=true").err())
                .as("rules read the other columns")
                .contains("tiny-chat: 100% 6/6");
    }

    @Test
    void eval_withoutABaseline_tellsWhatTheTrainingTook() throws IOException {
        eval("model=" + trained("a", 1));
        assertThat(summary().path("methods").get(0).path("seconds").doubleValue())
                .isPositive();
    }

    @Test
    void eval_unknownSubset_isToldBeforeAModelAnswers() {
        CommandRun run = eval("model=" + STUDENT, "reward_model=" + REWARD, "pairs=" + PAIRS, "subset_column=topic");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err())
                .contains("subset_column: no pair has a column topic")
                .doesNotContain("prompts answered");
    }

    @Test
    void eval_severalRules_areReportedByName_andASingleOneAsBefore() throws IOException {
        Path own = Files.writeString(
                directory.resolve("Short.java"),
                "import ai.preceptor.data.Answer;\n"
                        + "import java.util.function.ToDoubleFunction;\n"
                        + "public class Short implements ToDoubleFunction<Answer> {\n"
                        + "    @Override public double applyAsDouble(Answer answer) {\n"
                        + "        return -answer.text().asString().length();\n"
                        + "    }\n"
                        + "}\n");
        CommandRun run = eval("model=" + STUDENT, "rule=[distinct_words, " + own + "]");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        JsonNode several = summary();
        assertThat(several.path("rule_score").isNull()).isTrue();
        assertThat(several.path("rules/Short").doubleValue()).isNegative();
        assertThat(several.path("rules/Short_low").isNumber()).isTrue();
        assertThat(run.out()).containsPattern("length +distinct_words +Short");
        assertThat(directory.resolve("out/report.html")).content().contains(">Short</th>");
        assertThat(eval("model=" + STUDENT, "rule=[distinct_words]", "resume=true")
                        .code())
                .isEqualTo(ExitCode.DONE);
        assertThat(summary().path("rule_score")).isEqualTo(several.path("rules/distinct_words"));
        assertThat(summary().has("rules/distinct_words")).isFalse();
        assertThat(eval("model=" + STUDENT, "resume=true").err())
                .as("a list of one is that one")
                .doesNotContain("prompts answered");
        CommandRun twice = eval("model=" + STUDENT, "rule=[f1, f1]");
        assertThat(twice.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(twice.err()).contains("rule: expected rules of different names, found [f1, f1]");
    }

    @Test
    void eval_bestOf_isMeasuredBesideTheModels_andAddedToWhatIsKnown() throws IOException {
        Path reward = trained("reward", "reward", 1);
        String[] keys = {"model=" + STUDENT, "baseline=" + STUDENT, "reward_model=" + reward, "teacher=" + reward};
        assertThat(eval(keys).code()).isEqualTo(ExitCode.DONE);
        JsonNode before = summary().path("methods");
        CommandRun run = eval(concat(keys, "best_of=[2, 4]", "resume=true"));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        JsonNode methods = summary().path("methods");
        assertThat(methods)
                .extracting(row -> row.path("method").asText())
                .containsExactly("start", "best-of-2", "best-of-4", "tiny-chat");
        assertThat(methods.get(0)).isEqualTo(before.get(0));
        assertThat(methods.get(3)).isEqualTo(before.get(1));
        assertThat(run.err()).contains("best-of-4: 100% 6/6").doesNotContain("best-of-2: ", "tiny-chat: ");
        JsonNode four = methods.get(2);
        assertThat(four.path("reward").doubleValue())
                .isGreaterThanOrEqualTo(methods.get(1).path("reward").doubleValue());
        assertThat(four.path("teacher_score_low").isNumber()).isTrue();
        double start = methods.get(0).path("teacher_score").doubleValue();
        assertThat(four.path("teacher_score_difference").doubleValue())
                .isCloseTo(four.path("teacher_score").doubleValue() - start, within(1e-9))
                .isBetween(
                        four.path("teacher_score_difference_low").doubleValue(),
                        four.path("teacher_score_difference_high").doubleValue());
        assertThat(four.path("reward_difference").isNumber()).isTrue();
        assertThat(methods.get(0).path("reward_difference").isNull()).isTrue();
        assertThat(four.path("win_rate").doubleValue()).isGreaterThan(0.5);
        assertThat(run.out()).contains("0.636 (bound)");
        assertThat(eval(concat(keys, "best_of=4", "resume=true")).err()).doesNotContain("prompts answered");
        assertThat(summary().path("methods").get(1)).isEqualTo(four);
    }

    private static String[] concat(String[] keys, String... more) {
        return Stream.concat(Arrays.stream(keys), Arrays.stream(more)).toArray(String[]::new);
    }

    @Test
    void eval_bestOfWithoutWhatItNeeds_isRefused() {
        CommandRun none = eval("model=" + STUDENT, "best_of=2");
        assertThat(none.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(none.err()).contains("best_of: expected a baseline to sample from, found none");
        CommandRun reward = eval("model=" + STUDENT, "best_of=2", "baseline=" + STUDENT);
        assertThat(reward.err()).contains("best_of: expected a reward_model to choose by, found none");
        String[] both = {"model=" + STUDENT, "baseline=" + STUDENT, "reward_model=" + REWARD};
        assertThat(eval(concat(both, "best_of=2", "temperature=0")).err())
                .contains("best_of: expected a temperature above 0");
        assertThat(eval(concat(both, "best_of=[2, 2]")).err())
                .contains("best_of: expected different numbers, found [2, 2]");
        assertThat(eval("model=" + STUDENT, "best_of=1").err()).contains("best_of: expected ", "[2, 4096]", "found 1");
    }

    @Test
    void eval_filteredSampling_leavesTheDivergenceOut() throws IOException {
        CommandRun run = eval("model=" + STUDENT, "baseline=" + STUDENT, "temperature=0.7");
        assertThat(run.err()).contains("KL is left out; it needs temperature=1");
        assertThat(summary().path("kl_to_reference").isNull()).isTrue();
    }

    @Test
    void eval_repeatedPrompts_countOnce() throws IOException {
        Files.writeString(prompts, Files.readString(prompts) + "\n" + Files.readString(prompts));
        CommandRun run = eval("model=" + STUDENT);
        assertThat(run.err()).contains("12 rows read, 12 kept", "tiny-chat: 100% 6/6");
        assertThat(run.out()).contains("6 different prompts");
    }

    @Test
    void eval_whatDoesNotGoTogether_isRefused() {
        CommandRun mixed = eval("model=[" + STUDENT + "," + REWARD + "]");
        assertThat(mixed.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(mixed.err()).contains("model: expected students, or one reward model alone");
        CommandRun pairs = eval("model=" + STUDENT, "pairs=" + PAIRS);
        assertThat(pairs.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(pairs.err()).contains("pairs: expected a reward_model to measure on them, found none");
    }

    @Test
    void elicit_teacherAndRule_oneIsEnough() {
        CommandRun both =
                CommandRun.of("elicit", "model=" + STUDENT, "data=" + prompts, "teacher=" + STUDENT, "rule=brevity");
        assertThat(both.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(both.err()).contains("teacher: expected exactly one of teacher, teacher_url and rule, found 2");
        CommandRun none = CommandRun.of("elicit", "model=" + STUDENT, "data=" + prompts);
        assertThat(none.err()).contains("teacher: expected exactly one of teacher, teacher_url and rule, found 0");
        CommandRun rule = CommandRun.of(
                "elicit",
                "model=" + STUDENT,
                "data=" + prompts,
                "rule=brevity",
                "max_new_tokens=12",
                "output=" + directory.resolve("elicited"));
        assertThat(rule.code()).as(rule.err()).isEqualTo(ExitCode.DONE);
        assertThat(directory.resolve("elicited/ledger.jsonl")).content().contains("\"teacher\":\"rule:brevity\"");
    }

    @Test
    void eval_judgeThatNobodyCanRead_endsWithItsReason_andSomeUndecidedAreTold() throws IOException {
        String model = "model=" + trained("a", 1);
        try (TeacherServer server = TeacherServer.start(call -> ServedReply.completion("Hard to say."))) {
            CommandRun none = eval(model, "baseline=" + STUDENT, "teacher_url=" + server.url(), "teacher_model=judge");
            assertThat(none.code()).as(none.out()).isEqualTo(ExitCode.TEACHER_FAILED);
            assertThat(none.err()).contains("win rate: none of ", "comparisons of answers that differ", "the first: ");
            assertThat(none.out()).doesNotContain("win rate");
        }
        AtomicInteger calls = new AtomicInteger();
        try (TeacherServer server = TeacherServer.start(
                call -> ServedReply.completion(calls.getAndIncrement() == 0 ? "Hard to say." : "Score: 5"))) {
            CommandRun some = eval(
                    model,
                    "baseline=" + STUDENT,
                    "teacher_url=" + server.url(),
                    "teacher_model=judge",
                    "resume=true"); // the start was measured
            assertThat(some.code()).as(some.err()).isEqualTo(ExitCode.DONE);
            assertThat(some.out()).contains("a: 1 undecided comparison, left out of the win rate");
            assertThat(directory.resolve("out/report.html")).content().contains("a: 1 undecided comparison");
        }
    }

    private Path trained(String name, int seed) {
        return trained("rank", name, seed);
    }

    private Path trained(String command, String name, int seed) {
        CommandRun run = CommandRun.of(
                command,
                "model=" + STUDENT,
                "data=" + PAIRS,
                "max_steps=2",
                "learning_rate=1e-3",
                "save_steps=0",
                "seed=" + seed,
                "output=" + directory.resolve(name));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return directory.resolve(name).resolve("model");
    }

    private CommandRun eval(String... more) {
        List<String> all = new ArrayList<>(
                List.of("eval", "data=" + prompts, "max_new_tokens=4", "output=" + directory.resolve("out")));
        all.addAll(Arrays.asList(more));
        if (all.stream().noneMatch(key -> key.startsWith("rule="))) {
            all.add("rule=distinct_words");
        }
        return CommandRun.of(all.toArray(String[]::new));
    }

    private JsonNode summary() throws IOException {
        return new ObjectMapper().readTree(directory.resolve("out/summary.json").toFile());
    }
}
