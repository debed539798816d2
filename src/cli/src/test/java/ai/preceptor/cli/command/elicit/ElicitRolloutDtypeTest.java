package ai.preceptor.cli.command.elicit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import ai.preceptor.vector.StepsInJava;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code rollout_dtype} of {@code elicit}: of every model on this machine that writes. */
@Tag("steps-in-java")
class ElicitRolloutDtypeTest {
    private static final Path MODEL = Golden.dir("tiny-chat");

    @TempDir
    private Path directory;

    @BeforeEach
    void requireStepsInJava() {
        StepsInJava.assumePossible();
    }

    private Path data;

    @BeforeEach
    void writeRows() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            rows.append("{\"prompt\": [{\"role\": \"user\", \"content\": \"Say number ")
                    .append(i)
                    .append("\"}], \"completion\": \"It is ")
                    .append(i)
                    .append("\"}\n");
        }
        data = Files.writeString(directory.resolve("rows.jsonl"), rows);
    }

    private CommandRun elicit(String output, String keys) {
        List<String> words = new ArrayList<>(List.of("elicit", "output=" + directory.resolve(output)));
        words.addAll(Arrays.asList(keys.replace("MODEL", MODEL.toString())
                .replace("FILE", data.toString())
                .split(" ", -1)));
        return CommandRun.of(words.toArray(String[]::new));
    }

    private String written(String output, String keys, String file) throws IOException {
        CommandRun run = elicit(output, keys);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return Files.readString(directory.resolve(output).resolve(file));
    }

    private void refused(String keys, String message) {
        CommandRun run = elicit("run", keys);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains(message);
    }

    private JsonNode summary(String output) throws IOException {
        return new ObjectMapper()
                .readTree(directory.resolve(output).resolve("summary.json").toFile());
    }

    /** With weights as they are the likeliest words stay; with weights of 8 bits some of a hundred draws differ. */
    @ParameterizedTest
    @CsvSource({
        "model=MODEL data=FILE rule=brevity num_generations=2, ranked.jsonl",
        "model=MODEL data=FILE chosen=row, preferences.jsonl",
        "kind=demonstrations teacher=MODEL data=FILE, demonstrations.jsonl"
    })
    void answers_areThoseOfTheWeightsThatJavaKeeps(String mode, String file) throws IOException {
        String keys = mode + " max_new_tokens=24";
        assertThat(written("int8", keys + " rollout_dtype=int8", file)).isNotEqualTo(written("run", keys, file));
        String greedy = keys.replace("rule=brevity num_generations=2", "chosen=row") + " temperature=0";
        String compared = file.replace("ranked", "preferences");
        assertThat(written("float32", greedy + " rollout_dtype=float32", compared))
                .isEqualTo(written("greedy", greedy, compared));
    }

    /** A teacher that is asked in words; its replies to the same questions are kept apart in the ledger of calls. */
    @Test
    void prompts_areWrittenWithIt() throws IOException {
        String keys = "kind=prompts method=magpie teacher=MODEL num_prompts=2 max_new_tokens=32 resume=true";
        String plain = written("run", keys, "dropped.jsonl");
        String rounded = written("int8", keys + " rollout_dtype=int8", "dropped.jsonl");
        assertThat(rounded).isNotEqualTo(plain);
        assertThat(written("run", keys + " rollout_dtype=int8", "dropped.jsonl"))
                .isEqualTo(rounded);
        assertThat(written("run", keys, "dropped.jsonl")).isEqualTo(plain);
    }

    /** The student's answers are sampled with it where the teacher that corrects them is elsewhere. */
    @Test
    void answersToCorrect_areSampledWithIt() throws IOException {
        try (TeacherServer server = TeacherServer.start(call -> ServedReply.completion("Better."))) {
            String keys = "kind=corrections model=MODEL data=FILE max_new_tokens=24 teacher_model=writer teacher_url="
                    + server.url();
            assertThat(written("int8", keys + " rollout_dtype=int8", "preferences.jsonl"))
                    .isNotEqualTo(written("run", keys, "preferences.jsonl"));
        }
    }

    /** What was sampled from other weights is not mixed in: refused of a student, written anew by a teacher. */
    @Test
    void resumed_withAnotherRolloutDtype_mixesNothing() throws IOException {
        String student = "model=MODEL data=FILE chosen=row max_new_tokens=8 resume=true";
        String sampled = written("student", student + " rollout_dtype=int8", "preferences.jsonl");
        assertThat(written("student", student + " rollout_dtype=int8", "preferences.jsonl"))
                .isEqualTo(sampled);
        assertThat(summary("student").path("resumed").intValue()).isEqualTo(4);
        for (String other : List.of("", " rollout_dtype=bfloat16")) {
            CommandRun run = elicit("student", student + other);
            assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
            assertThat(run.err()).contains("ledger.jsonl:1: was elicited with sampler", "int8");
        }
        String teacher = "kind=demonstrations teacher=MODEL data=FILE max_new_tokens=24 resume=true";
        String plain = written("teacher", teacher, "demonstrations.jsonl");
        String rounded = written("teacher", teacher + " rollout_dtype=int8", "demonstrations.jsonl");
        assertThat(rounded).isNotEqualTo(plain);
        assertThat(written("teacher", teacher, "demonstrations.jsonl")).isEqualTo(plain);
    }

    /** Nothing is ignored: where a server writes all there is, or nobody does, there are no steps of Java's. */
    @Test
    void withoutAModelHereThatWrites_isRefused() {
        String served = "data=FILE teacher_url=http://127.0.0.1:9/v1 teacher_model=writer rollout_dtype=int8 kind=";
        refused(
                served + "demonstrations",
                "rollout_dtype: expected nothing without a teacher on this machine, found int8");
        refused(
                served + "prompts num_prompts=3",
                "rollout_dtype: expected nothing without a teacher on this machine, found int8");
        refused(
                served + "corrections",
                "rollout_dtype: expected nothing without a teacher on this machine or a model that answers, found"
                        + " int8");
        refused(
                "kind=demonstrations teacher=MODEL data=FILE rollout_dtype=int4",
                "rollout_dtype: expected one of float32, bfloat16, int8");
    }

    /** What was kept is named by what auto came to, so a run with that value, or a resumed one, goes on with it. */
    @Test
    void auto_isWhatItChose() throws IOException {
        for (String mode : List.of("model=MODEL chosen=row", "kind=demonstrations teacher=MODEL")) {
            String keys = mode + " data=FILE max_new_tokens=8 resume=true";
            String file = mode.startsWith("model") ? "preferences.jsonl" : "demonstrations.jsonl";
            String output = file.substring(0, 4);
            String written = written(output, keys + " rollout_dtype=auto", file);
            Path record = directory.resolve(output).resolve("rollout.json");
            String chosen = new ObjectMapper()
                    .readTree(record.toFile())
                    .path("rollout_dtype")
                    .textValue();
            assertThat(summary(output).at("/rollout/rollout_dtype").textValue()).isEqualTo(chosen);
            CommandRun resumed = elicit(output, keys + " rollout_dtype=auto");
            assertThat(resumed.code()).as(resumed.err()).isEqualTo(ExitCode.DONE);
            assertThat(resumed.err()).containsOnlyOnce("rollout_dtype: " + chosen + ", as the run began\n");
            String key = chosen.equals("none") ? "" : " rollout_dtype=" + chosen;
            assertThat(written(output, keys + key, file)).isEqualTo(written);
            assertThat(summary(output).path("resumed").asInt(4)).isEqualTo(4);
        }
    }

    /** A reward model cannot answer: said before a model is loaded, also to choose by. */
    @ParameterizedTest
    @CsvSource({"demonstrations", "corrections", "prompts"})
    void auto_withATeacherWithoutWords_isRefused(String kind) {
        refused(
                "data=FILE rollout_dtype=auto kind=" + kind + (kind.equals("prompts") ? " method=evolve" : "")
                        + " teacher=" + Golden.dir("models/llama-reward"),
                "found a reward model in ");
    }
}
