package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import org.junit.jupiter.params.provider.ValueSource;

class DistillCommandTest {
    @TempDir
    Path directory;

    private Path rows;
    private Path teacher;

    @BeforeEach
    void writeRows() throws IOException {
        List<String> lines = Golden.lines("pairs.jsonl").stream()
                .limit(8)
                .map(pair -> "{\"prompt\": " + pair.path("prompt") + ", \"completion\": " + pair.path("chosen") + "}")
                .toList();
        rows = Files.write(directory.resolve("rows.jsonl"), lines);
        teacher = directory.resolve("taught").resolve("model");
        CommandRun run = CommandRun.of(arguments("sft", "taught", "learning_rate=1e-2", "num_train_epochs=2"));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
    }

    private String[] arguments(String command, String name, String... more) {
        List<String> all = new ArrayList<>(List.of(
                command,
                "model=" + Golden.dir("tiny-chat"),
                "data=" + rows,
                "output=" + directory.resolve(name),
                "batch_size=2",
                "gradient_accumulation_steps=2",
                "shuffle=false",
                "num_train_epochs=1",
                "threads=1",
                "save_steps=0"));
        for (String own : more) {
            all.removeIf(standard -> standard.startsWith(own.substring(0, own.indexOf('=') + 1)));
        }
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }

    private List<JsonNode> distill(String name, String... more) throws IOException {
        CommandRun run = CommandRun.of(arguments("distill", name, more));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        List<JsonNode> steps = CommandRun.rows(directory.resolve(name).resolve("metrics.jsonl"));
        steps.forEach(step -> ((ObjectNode) step).remove("step_time"));
        return steps;
    }

    private String taught() {
        return "teacher=" + teacher;
    }

    @Test
    void distill_movesTheStudentTowardsTheTeacher() throws IOException {
        List<JsonNode> steps = distill(
                "kl", taught(), "loss_type=forward_kl", "learning_rate=3e-3", "num_train_epochs=8", "eval_rows=2");
        double first = steps.get(0).path("forward_kl").asDouble();
        assertThat(steps.get(steps.size() - 1).path("forward_kl").asDouble()).isLessThan(0.5 * first);
        assertThat(steps.get(0).path("loss").asDouble()).isEqualTo(first);
        String summary = Files.readString(directory.resolve("kl").resolve("summary.json"));
        assertThat(summary).contains("eval_loss", "eval_forward_kl", "eval_nll_loss");
        assertThat(directory.resolve("kl").resolve("model").resolve("model.safetensors"))
                .exists();
    }

    @Test
    void distill_fromACache_runsTheTeacherOnce() throws IOException {
        String[] keys = {taught(), "teacher_top_k=512", "teacher_cache=" + directory.resolve("cache")};
        List<JsonNode> live = distill("live", taught());
        List<JsonNode> cached = distill("cached", keys);
        for (int i = 0; i < live.size(); i++) {
            assertThat(cached.get(i).path("loss").asDouble())
                    .isCloseTo(live.get(i).path("loss").asDouble(), within(1e-5));
        }
        try (Stream<Path> files = Files.list(directory.resolve("cache"))) {
            assertThat(files.toList()).hasSize(1);
        }
        Files.delete(teacher.resolve("model.safetensors"));
        CommandRun gone = CommandRun.of(arguments("distill", "gone", keys));
        assertThat(gone.code()).as("another teacher, which cannot be read").isEqualTo(ExitCode.BAD_DATA);
    }

    @Test
    void distill_onTheStudentsOwnAnswers_isReproducible() throws IOException {
        String[] keys = {taught(), "lmbda=0.5", "max_new_tokens=8", "loss_type=[reverse_kl,sft]", "loss_weights=[1,0.1]"
        };
        List<JsonNode> once = distill("once", keys);
        assertThat(distill("twice", keys)).isEqualTo(once);
        assertThat(distill("off", taught(), "loss_type=[reverse_kl,sft]", "loss_weights=[1,0.1]"))
                .isNotEqualTo(once);
    }

    @Test
    void distill_fromATeacherThatLearns() throws IOException {
        List<JsonNode> steps =
                distill("online", taught(), "distillation=online", "teacher_learning_rate=1e-3", "num_train_epochs=4");
        assertThat(steps.get(steps.size() - 1).path("teacher_loss").asDouble())
                .as("the second step's rows again")
                .isLessThan(steps.get(1).path("teacher_loss").asDouble());
    }

    /** At the start teacher and student are one; later the student has left what its teacher still is. */
    @Test
    void distill_fromItself() throws IOException {
        List<JsonNode> steps = distill(
                "self",
                "distillation=self",
                "ema_decay=0.9",
                "loss_type=[forward_kl,sft]",
                "learning_rate=1e-2",
                "num_train_epochs=4");
        assertThat(steps.get(0).path("forward_kl").asDouble()).isCloseTo(0, within(1e-6));
        assertThat(steps.get(steps.size() - 1).path("forward_kl").asDouble()).isGreaterThan(1e-4);
        assertThat(steps.get(steps.size() - 1).path("nll_loss").asDouble())
                .isLessThan(steps.get(0).path("nll_loss").asDouble());
    }

    /** The teacher of another width and depth is met through a projection that is learnt and saved. */
    @Test
    void distill_hiddenStates_ofAWiderTeacher() throws IOException {
        String[] keys = {
            "teacher=" + Golden.dir("tiny-teacher"),
            "loss_type=[forward_kl,hidden_mse,token_relation,sample_relation]",
            "loss_weights=[1,1,0.5,0.5]",
            "student_layers=[1,2]",
            "teacher_layers=[2,2]",
            "learning_rate=3e-3",
            "num_train_epochs=6",
            "save_steps=3",
            "save_total_limit=0"
        };
        List<JsonNode> steps = distill("hidden", keys);
        assertThat(steps.get(steps.size() - 1).path("hidden_mse").asDouble())
                .isLessThan(0.9 * steps.get(0).path("hidden_mse").asDouble());
        assertThat(directory
                        .resolve("hidden")
                        .resolve("checkpoints")
                        .resolve("step-3")
                        .resolve("projection-1.bin"))
                .exists();
        CommandRun deep = CommandRun.of(arguments(
                "distill", "deep", taught(), "loss_type=hidden_mse", "student_layers=[9]", "teacher_layers=[1]"));
        assertThat(deep.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(deep.err()).contains("student_layers: received 9, legal: 1 to 2");
    }

    @Test
    void distill_onTheTeachersAnswers() throws IOException {
        distill("answers", taught(), "seq_kd=true", "loss_type=sft", "max_new_tokens=8");
        assertThat(Files.readAllLines(directory.resolve("answers").resolve("teacher-answers.jsonl")))
                .isNotEmpty()
                .allMatch(line -> line.contains("completion"));
    }

    @Test
    void distill_resumedOnAnswersOfAnotherOrigin_isRefused() throws IOException {
        String[] keys = {taught(), "seq_kd=true", "loss_type=sft", "max_new_tokens=8", "eval_rows=2"};
        distill("answers", keys);
        Path answers = directory.resolve("answers/teacher-answers.jsonl");
        byte[] before = Files.readAllBytes(answers);
        assertThat(resumed(keys).err()).doesNotContain("prompts answered");

        keys[3] = "max_new_tokens=6";
        CommandRun shorter = resumed(keys);
        assertThat(shorter.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(shorter.err())
                .contains("the teacher's answers in " + answers
                        + " were made from something else; these differ: sampling: was ")
                .contains("remove " + answers + " to have the teacher answer again");
        keys[3] = "max_new_tokens=8";
        keys[0] = "teacher=" + Golden.dir("tiny-chat");
        assertThat(resumed(keys).err()).contains("these differ: files of the teacher: was ");
        keys[0] = taught();
        String all = Files.readString(rows);
        Files.writeString(rows, all.replaceFirst("\"content\": ?\"", "$0Well. "));
        assertThat(resumed(keys).err()).contains("these differ: prompts: was ");
        Files.writeString(rows, all);
        assertThat(answers).hasBinaryContent(before);

        Path origin = directory.resolve("answers/teacher-answers.origin.json");
        String noted = Files.readString(origin);
        Files.delete(origin);
        assertThat(resumed(keys).err()).contains("resume: expected " + origin + ", which says what the answers in ");
        Files.writeString(origin, noted);
        Files.delete(directory.resolve("answers/teacher-answers-heldout.jsonl"));
        CommandRun rest = resumed(keys);
        assertThat(rest.code()).as(rest.err()).isEqualTo(ExitCode.DONE);
        assertThat(rest.err()).contains("teacher: 100% 2/2").doesNotContain("teacher: 100% 6/6");
    }

    private CommandRun resumed(String... keys) {
        List<String> all = new ArrayList<>(List.of(keys));
        all.add("resume=true");
        return CommandRun.of(arguments("distill", "answers", all.toArray(String[]::new)));
    }

    @Test
    void distill_anotherVocabulary_isRefusedWithBothSizesAndAWayOut() throws IOException {
        Path other = Files.createDirectories(directory.resolve("other"));
        String config = Files.readString(Golden.dir("tiny-chat").resolve("config.json"));
        Files.writeString(other.resolve("config.json"), config.replace("\"vocab_size\": 512", "\"vocab_size\": 600"));
        CommandRun run = CommandRun.of(arguments("distill", "mismatch", "teacher=" + other));
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("600", "512", "seq_kd=true");
        assertThat(directory.resolve("mismatch")).doesNotExist();
    }

    /** Whatever the teacher keeps of its own is in the checkpoint. */
    @ParameterizedTest
    @ValueSource(strings = {"self", "online", "projected", "own_answers"})
    void distill_stoppedAndResumed_equalsARunThatWasNot(String how) throws IOException {
        String[] role = switch (how) {
            case "self" -> new String[] {"distillation=self", "ema_decay=0.5", "loss_type=[jsd,sft]"};
            case "online" -> new String[] {taught(), "distillation=online"};
            case "projected" -> new String[] {"teacher=" + Golden.dir("tiny-teacher"), "loss_type=hidden_mse"};
            default -> new String[] {taught(), "lmbda=0.5", "max_new_tokens=6"};
        };
        List<JsonNode> whole = distill("whole", with(role, "max_steps=4"));
        distill("halves", with(role, "max_steps=2"));
        List<JsonNode> halves = distill("halves", with(role, "max_steps=4", "resume=true"));
        assertThat(halves).hasSize(4).isEqualTo(whole);
    }

    private static String[] with(String[] keys, String... more) {
        List<String> all = new ArrayList<>(List.of(keys));
        all.addAll(List.of("save_steps=2", "lr_scheduler_type=constant", "learning_rate=1e-3"));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void distill_idsThatMeanSomethingElse_areRefused() throws IOException {
        Path other = Files.createDirectories(directory.resolve("shifted"));
        try (Stream<Path> files = Files.list(Golden.dir("tiny-chat"))) {
            for (Path file : files.toList()) {
                Files.copy(file, other.resolve(file.getFileName()));
            }
        }
        ObjectMapper json = new ObjectMapper();
        Path file = other.resolve("tokenizer.json");
        JsonNode tokenizer = json.readTree(file.toFile());
        ObjectNode vocabulary = (ObjectNode) tokenizer.path("model").path("vocab");
        List<String> tokens = new ArrayList<>();
        vocabulary.fieldNames().forEachRemaining(tokens::add);
        for (String token : tokens) {
            int id = vocabulary.path(token).asInt();
            vocabulary.put(token, id < 10 ? id : 521 - id);
        }
        json.writeValue(file.toFile(), tokenizer);
        CommandRun run = CommandRun.of(arguments("distill", "shift", "teacher=" + other));
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("of 512 mean something else", "seq_kd=true");
    }

    /** Every learner would have the teacher answer, or load its weights into servers that answer another. */
    @ParameterizedTest
    @ValueSource(strings = {"seq_kd=true", "rollout_url=[http://127.0.0.1:1]"})
    void distill_severalLearners_withWhatEachWouldAsk_isRefused(String key) {
        CommandRun run = CommandRun.of(arguments("distill", "asked", taught(), "lmbda=0.5", "learners=2", key));
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains(key.substring(0, key.indexOf('=')) + ": expected nothing with 2 learners, found ");
        assertThat(directory.resolve("asked")).doesNotExist();
    }

    @Test
    void distill_impossibleKeys_areRefusedTogether() {
        CommandRun run = CommandRun.of(arguments(
                "distill", "wrong", "distillation=self", taught(), "loss_type=[jsd,jsd]", "loss_weights=[1]"));
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("teacher:", "loss_type:", "loss_weights:");
    }
}
