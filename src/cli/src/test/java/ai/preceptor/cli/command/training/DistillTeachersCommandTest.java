package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.quickstart.EmbeddedModels;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code distill} from several teachers, from one with another vocabulary, and from one that is told more. */
class DistillTeachersCommandTest {
    private static final String BOTH = "teacher=[" + Golden.dir("tiny-teacher") + "," + Golden.dir("tiny-chat") + "]";
    private static final String ONE = "teacher=" + Golden.dir("tiny-teacher");

    @TempDir
    Path directory;

    private Path rows;

    @BeforeEach
    void writeRows() throws IOException {
        List<String> lines = new ArrayList<>();
        for (JsonNode pair : Golden.lines("pairs.jsonl").subList(0, 8)) {
            lines.add("{\"prompt\": " + pair.path("prompt") + ", \"completion\": " + pair.path("chosen")
                    + ", \"subject\": \"" + (lines.size() % 3 == 0 ? "math" : "code")
                    + "\", \"hint\": \"It is number " + lines.size() + ".\"}");
        }
        rows = Files.write(directory.resolve("rows.jsonl"), lines);
    }

    private String[] arguments(String name, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "distill",
                "model=" + Golden.dir("tiny-chat"),
                "data=" + rows,
                "output=" + directory.resolve(name),
                "batch_size=2",
                "gradient_accumulation_steps=2",
                "num_train_epochs=1",
                "learning_rate=3e-3",
                "threads=1",
                "save_steps=0"));
        for (String own : more) {
            all.removeIf(standard -> standard.startsWith(own.substring(0, own.indexOf('=') + 1)));
        }
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }

    private List<JsonNode> distill(String name, String... more) throws IOException {
        CommandRun run = CommandRun.of(arguments(name, more));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        List<JsonNode> steps = CommandRun.rows(directory.resolve(name).resolve("metrics.jsonl"));
        steps.forEach(step -> ((ObjectNode) step).remove("step_time"));
        return steps;
    }

    private static void assertEqualLosses(List<JsonNode> found, List<JsonNode> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.get(i).path("loss").asDouble())
                    .isCloseTo(expected.get(i).path("loss").asDouble(), within(2e-5));
        }
    }

    @Test
    void equalTeachers_teachAsOneDoes_alsoFromFiles() throws IOException {
        List<JsonNode> one = distill("one", ONE);
        String twice = "teacher=[" + Golden.dir("tiny-teacher") + "," + Golden.dir("tiny-teacher") + "]";
        assertEqualLosses(distill("mean", twice, "kd_loss_mode=averaged_probs"), one);
        assertEqualLosses(
                distill(
                        "files",
                        twice,
                        "teacher_weights=[1,3]",
                        "teacher_top_k=512",
                        "teacher_cache=" + directory.resolve("cache")),
                one);
        try (Stream<Path> files = Files.list(directory.resolve("cache"))) {
            assertThat(files.toList()).as("of one teacher and the same rows").hasSize(1);
        }
    }

    /** The student is its own teacher in rows about code, where it has nothing to learn. */
    @Test
    void selectedTeachers_teachTheirOwnRows() throws IOException {
        List<JsonNode> steps = distill(
                "selected",
                BOTH,
                "kd_loss_mode=select_teacher",
                "teacher_key=subject",
                "teacher_keys=[math,code]",
                "loss_type=forward_kl",
                "eval_rows=2");
        assertThat(steps.get(0).path("teacher_1/forward_kl").asDouble()).isCloseTo(0, within(1e-6));
        assertThat(steps.get(0).path("teacher_0/forward_kl").asDouble()).isGreaterThan(0.1);
        CommandRun unknown = CommandRun.of(arguments(
                "unknown", BOTH, "kd_loss_mode=select_teacher", "teacher_key=subject", "teacher_keys=[math,history]"));
        assertThat(unknown.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(unknown.err())
                .contains(
                        "rows.jsonl:2: teacher_key: expected column subject to be one of [math, history], found \"code\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kd_loss_mode=averaged_logits teacher_top_k=4|kd_loss_mode: expected sum or select_teacher",
                "teacher_weights=[1]|teacher_weights: expected one for each of 2 teachers, found [1.0]",
                "teacher_weights=[1,-1]|teacher_weights: expected a number in [0, inf), found -1",
                "kd_loss_mode=select_teacher teacher_keys=[a,a]|teacher_keys: expected one for each of 2 teachers",
                "distillation=online|teacher: expected one, or several with distillation=offline",
                "seq_kd=true|seq_kd: expected false with several teachers",
                "loss_type=[jsd,hidden_mse]|loss_type: expected no hidden states with several teachers",
                "loss_type=uld teacher_top_k=4|loss_type: expected no uld with teacher_top_k above 0",
                "loss_type=uld lmbda=0.5|lmbda: expected 0 with loss_type=uld",
                "loss_type=[uld,sft] kd_loss_mode=averaged_probs|loss_type: expected no uld with kd_loss_mode=averaged_probs",
                "loss_type=uld kd_loss_mode=averaged_logits|loss_type: expected no uld with kd_loss_mode=averaged_logits",
                "privileged_context=hint seq_kd=true|privileged_context: expected none with seq_kd=true, found hint",
                "teacher_key=subject|teacher_key: expected teacher_key, its default, without kd_loss_mode=select_teacher",
                "num_generations=3|num_generations: expected 1 with lmbda=0",
                "privileged_context=hint completion_only_loss=false|completion_only_loss: expected true",
                "privileged_context=hint teacher_prompt_template=x|teacher_prompt_template: expected [{prompt}",
            })
    void keysThatDoNotGoTogether_areRefused(String keys, String message) {
        List<String> all = new ArrayList<>(List.of(BOTH));
        all.addAll(List.of(keys.split(" ")));
        CommandRun run = CommandRun.of(arguments("refused", all.toArray(String[]::new)));
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains(message);
    }

    @Test
    void anotherVocabulary_teachesBySortedProbabilities() throws IOException {
        String teacher = "teacher=" + new EmbeddedModels(directory.resolve("embedded")).resolve("embedded:teacher");
        CommandRun refused = CommandRun.of(arguments("jsd", teacher));
        assertThat(refused.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(refused.err()).contains("loss_type=[uld,sft]");
        List<JsonNode> steps = distill("uld", teacher, "loss_type=[uld,sft]", "num_train_epochs=4", "eval_rows=2");
        JsonNode first = steps.get(0);
        assertThat(first.path("uld_aligned").asDouble()).isBetween(0.1, 1.0);
        assertThat(first.path("loss").asDouble())
                .isCloseTo(
                        first.path("uld").asDouble() * first.path("uld_aligned").asDouble()
                                + first.path("nll_loss").asDouble(),
                        within(1e-4));
        assertThat(steps.get(steps.size() - 1).path("loss").asDouble())
                .isLessThan(first.path("loss").asDouble());
    }

    /** The student with its prompt is not what it is with the hint; without one there is nothing to learn. */
    @ParameterizedTest
    @ValueSource(strings = {"0", "0.5", "1"})
    void toldTeacher_ofTheStudentItself(String decay) throws IOException {
        String[] keys = {
            "distillation=self",
            "ema_decay=" + decay,
            "privileged_context=hint",
            "loss_type=reverse_kl",
            "lmbda=1",
            "num_generations=2",
            "max_new_tokens=4",
            "eval_rows=2"
        };
        List<JsonNode> steps = distill("told", keys);
        assertThat(steps.get(0).path("reverse_kl").asDouble()).isGreaterThan(1e-3);
        keys[2] = "lr_scheduler_type=constant";
        if (decay.equals("0")) {
            CommandRun same = CommandRun.of(arguments("untold", keys));
            assertThat(same.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
            assertThat(same.err())
                    .contains("ema_decay: expected above 0 with distillation=self, unless privileged_context is given");
            keys[3] = "loss_type=[reverse_kl,sft]";
        }
        assertThat(distill("untold", keys).get(0).path("reverse_kl").asDouble()).isCloseTo(0, within(1e-6));
        keys[2] = "privileged_context=advice";
        CommandRun run = CommandRun.of(arguments("missing", keys));
        assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err())
                .contains("rows.jsonl:1: privileged_context: expected a text in column advice, found none");
    }

    /** The third row's hint and an answer of 100 tokens are beyond the teacher's context of 512. */
    @Test
    void aHintThatLeavesNoRoomForSampledAnswers_isRefusedBeforeTraining() throws IOException {
        List<String> lines = Files.readAllLines(rows);
        lines.set(2, lines.get(2).replace("It is number 2.", "It is number 2. ".repeat(60)));
        Files.write(rows, lines);
        String[] keys = {
            "distillation=self",
            "ema_decay=0",
            "privileged_context=hint",
            "lmbda=1",
            "max_new_tokens=100",
            "over_length=refuse"
        };
        CommandRun refused = CommandRun.of(arguments("refused", keys));
        assertThat(refused.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(refused.err())
                .contains("rows.jsonl:3: prompt: expected at most 412 tokens as teacher 0 sees it, what max_length 1024"
                        + " or its context 512 leaves after an answer of the student's own of 100 tokens");
        keys[5] = "over_length=drop";
        assertThat(distill("dropped", keys)).hasSize(2);
        lines.replaceAll(line -> line.replaceAll("It is number \\d.\"", "It is a number.".repeat(60) + "\""));
        Files.write(rows, lines);
        CommandRun none = CommandRun.of(arguments("none", keys));
        assertThat(none.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(none.err()).contains("rows.jsonl: no rows to train on: none of 8 leaves room for answers");
    }

    /** The teacher has other widths and as many heads; its last layer teaches both of the student's. */
    @Test
    void attention_isLearntFromMappedLayers() throws IOException {
        List<JsonNode> steps = distill(
                "attention",
                ONE,
                "loss_type=[forward_kl,attention_kl,attention_mse]",
                "loss_weights=[0.1,10,10]",
                "student_layers=[1,2]",
                "teacher_layers=[2,2]",
                "num_train_epochs=8",
                "learning_rate=1e-2");
        JsonNode first = steps.get(0);
        assertThat(first.path("attention_kl").asDouble()).isPositive();
        assertThat(steps.get(steps.size() - 1).path("attention_kl").asDouble())
                .isLessThan(0.9 * first.path("attention_kl").asDouble());
        CommandRun told = CommandRun.of(arguments("told", ONE, "loss_type=attention_kl", "privileged_context=hint"));
        assertThat(told.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(told.err()).contains("loss_type: expected no attention with privileged_context");
    }

    @ParameterizedTest
    @ValueSource(strings = {"selected", "told", "generations", "uld"})
    void stoppedAndResumed_equalsARunThatWasNot(String how) throws IOException {
        String[] keys = switch (how) {
            case "selected" ->
                new String[] {BOTH, "kd_loss_mode=select_teacher", "teacher_key=subject", "teacher_keys=[math,code]"};
            case "told" -> new String[] {"distillation=self", "ema_decay=0.5", "privileged_context=hint", "lmbda=0.5"};
            case "uld" ->
                new String[] {
                    "teacher=" + new EmbeddedModels(directory.resolve("embedded")).resolve("embedded:teacher"),
                    "loss_type=[uld,sft]"
                };
            default -> new String[] {ONE, "lmbda=0.5", "num_generations=3", "max_new_tokens=6"};
        };
        List<JsonNode> whole = distill("whole", with(keys, "max_steps=4"));
        distill("halves", with(keys, "max_steps=2"));
        List<JsonNode> halves = distill("halves", with(keys, "max_steps=4", "resume=true"));
        assertThat(halves).hasSize(4).isEqualTo(whole);
    }

    private static String[] with(String[] keys, String... more) {
        List<String> all = new ArrayList<>(List.of(keys));
        all.addAll(List.of("save_steps=2", "lr_scheduler_type=constant", "learning_rate=1e-3"));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }
}
