package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.config.Settings;
import ai.preceptor.cli.keys.cluster.ClusterKeys;
import ai.preceptor.cli.keys.cluster.WorkerConfig;
import ai.preceptor.cli.keys.training.RankConfig;
import ai.preceptor.testkit.Golden;
import ai.preceptor.vector.StepsInJava;
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
import org.junit.jupiter.params.provider.ValueSource;

/** {@code rollout_dtype} where the student learns from its own answers beside {@code policy}: {@code rank}, {@code distill}. */
@Tag("steps-in-java")
class RolloutDtypeLearningTest {
    private static final Path MODEL = Golden.dir("tiny-chat");
    private static final Path PAIRS = Golden.file("pairs.jsonl");

    @TempDir
    Path directory;

    @BeforeEach
    void requireStepsInJava() {
        StepsInJava.assumePossible();
    }

    private CommandRun run(String output, String written) {
        String keys = written.replace("MODEL", MODEL.toString()).replace("PAIRS", PAIRS.toString());
        List<String> words = new ArrayList<>(Arrays.asList(keys.split(" ", -1)));
        words.addAll(List.of("model=" + MODEL, "output=" + directory.resolve(output), "batch_size=4"));
        return CommandRun.of(words.toArray(String[]::new));
    }

    private Path done(String output, String keys) {
        CommandRun run = run(output, keys);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return directory.resolve(output);
    }

    private static void assertSame(String file, Path one, Path other) {
        assertThat(one.resolve(file)).hasSameBinaryContentAs(other.resolve(file));
    }

    private static String online(String more) {
        return "rank online=true data=PAIRS rule=brevity max_new_tokens=8 num_generations=3 save_steps=2"
                + " learning_rate=1e-3 lr_scheduler_type=constant " + more;
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "int8"})
    void rank_resumed_endsWithTheSameWeights(String type) {
        String key = "rollout_dtype=" + type;
        Path whole = done("whole", online("max_steps=4 " + key));
        done("halves", online("max_steps=2 " + key));
        CommandRun other = run("halves", online("max_steps=4 resume=true rollout_dtype=bfloat16"));
        assertThat(other.code()).as(other.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(other.err()).contains("rollout_dtype: was " + type + ", is bfloat16");
        Path halves = done("halves", online("max_steps=4 resume=true " + key));
        assertSame("model/model.safetensors", halves, whole);
        assertSame("samples.jsonl", halves, whole);
    }

    /** Log-probabilities of the samples are the sampler's. A copy of the student samples as the student itself does. */
    @Test
    void rank_samplesWithTheRoundedWeights() throws IOException {
        Path exact = done("exact", online("max_steps=1"));
        Path rounded = done("rounded", online("max_steps=1 rollout_dtype=int8"));
        assertThat(Files.readString(rounded.resolve("samples.jsonl")))
                .isNotEqualTo(Files.readString(exact.resolve("samples.jsonl")));
        Path copy = done("copy", online("max_steps=1 rollout_dtype=int8 generators=1"));
        assertSame("samples.jsonl", copy, rounded);
        assertSame("model/model.safetensors", copy, rounded);
    }

    /** Steps too small to change a weight: the policy is its reference, whatever its answers were drawn from. */
    @ParameterizedTest
    @CsvSource({
        "'', 1",
        "'', 0.9",
        "rollout_dtype=int8, 1",
        "rollout_dtype=int8, 0.9",
        "dtype=bfloat16 forward_dtype=float32, 1"
    })
    void heldOutKl_isThePolicys(String key, String temperature) throws IOException {
        String keys = " eval_data=PAIRS max_steps=1 learning_rate=1e-30 temperature=" + temperature
                + (key.isEmpty() ? "" : " " + key);
        Path policy = done("policy", "policy data=PAIRS rule=brevity max_completion_length=8 beta=0.1" + keys);
        assertThat(number(policy, "eval_objective/kl")).isCloseTo(0, within(1e-4));
        Path rank = done("rank", "rank online=true data=PAIRS rule=brevity max_new_tokens=8" + keys);
        assertThat(number(rank, "eval_objective/kl")).isCloseTo(0, within(1e-4));
    }

    private static double number(Path run, String name) throws IOException {
        return new ObjectMapper()
                .readTree(run.resolve("summary.json").toFile())
                .required(name)
                .doubleValue();
    }

    @Test
    void rank_withoutOnline_refusesIt() {
        CommandRun run = run("run", "rank data=PAIRS rollout_dtype=int8");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("rollout_dtype: expected nothing without online=true, which it is for, found int8");
    }

    @Test
    void rank_tellsItsWorkers() {
        RankConfig keys = Settings.of(RankConfig.class)
                .with("online", true)
                .with("model", MODEL)
                .with("data", PAIRS)
                .with("rule", "brevity")
                .with("output", directory.resolve("run"))
                .with("rollout_dtype", "int8")
                .with("cluster.listen", "127.0.0.1:5701")
                .read();
        ClusterKeys cluster = keys.sampling().learner().cluster();
        assertThat(cluster).isNotNull();
        WorkerConfig worker = Settings.of(WorkerConfig.class)
                .with("model", MODEL)
                .with("cluster.members", List.of("127.0.0.1:5701"))
                .read();
        assertThat(WorkerJob.parse(WorkerJob.offer(keys, keys.sampling().decode(), cluster)
                                .description())
                        .samplingHere(worker)
                        .loading()
                        .decode()
                        .label())
                .isEqualTo(" rollout_dtype int8");
    }

    private String distill(String more) throws IOException {
        Path rows = directory.resolve("rows.jsonl");
        if (!Files.exists(rows)) {
            Files.write(
                    rows,
                    Golden.lines("pairs.jsonl").stream()
                            .limit(8)
                            .map(pair -> "{\"prompt\": " + pair.path("prompt") + ", \"completion\": "
                                    + pair.path("chosen") + "}")
                            .toList());
        }
        return "distill teacher=MODEL data=" + rows + " max_new_tokens=12 save_steps=1 learning_rate=1e-3 " + more;
    }

    /** The student's own likeliest answers, or the teacher's, are the same: so are the weights that learn from them. */
    @ParameterizedTest
    @ValueSource(strings = {"lmbda=1 loss_type=[reverse_kl,sft] loss_weights=[1,1]", "seq_kd=true loss_type=sft"})
    void distill_float32_greedy_learnsFromTheSameAnswers(String mode) throws IOException {
        String keys = mode + " sampling_temperature=0 max_steps=2";
        Path tensors = done("tensors", distill(keys));
        Path java = done("java", distill(keys + " rollout_dtype=float32"));
        assertSame("model/model.safetensors", java, tensors);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lmbda=1 loss_type=[reverse_kl,sft] loss_weights=[1,1]", "seq_kd=true loss_type=sft"})
    void distill_int8_learnsFromOtherAnswers_andResumesExactly(String mode) throws IOException {
        String keys = mode + " lr_scheduler_type=constant ";
        Path exact = done("exact", distill(keys + "max_steps=2"));
        Path whole = done("whole", distill(keys + "max_steps=2 rollout_dtype=int8"));
        assertThat(Files.readAllBytes(whole.resolve("model/model.safetensors")))
                .isNotEqualTo(Files.readAllBytes(exact.resolve("model/model.safetensors")));
        done("halves", distill(keys + "max_steps=1 rollout_dtype=int8"));
        CommandRun other = run("halves", distill(keys + "max_steps=2 resume=true"));
        assertThat(other.code()).as(other.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(other.err()).contains("rollout_dtype: was int8, is null");
        Path halves = done("halves", distill(keys + "max_steps=2 rollout_dtype=int8 resume=true"));
        assertSame("model/model.safetensors", halves, whole);
    }

    /** Chosen once a run, recorded, and what a run with the chosen value learns is learnt. */
    @Test
    void auto_isWhatItChose_alsoOfAResumedRun() throws IOException {
        for (String keys : List.of(
                online("max_num_gen_batches=9"),
                distill("lmbda=1 loss_type=[reverse_kl,sft] loss_weights=[1,1] lr_scheduler_type=constant"))) {
            String name = keys.substring(0, keys.indexOf(' '));
            Path auto = done(name, keys + " rollout_dtype=auto max_steps=2");
            String chosen = new ObjectMapper()
                    .readTree(auto.resolve("rollout.json").toFile())
                    .path("rollout_dtype")
                    .textValue();
            CommandRun resumed = run(name, keys + " rollout_dtype=auto max_steps=4 resume=true");
            assertThat(resumed.code()).as(resumed.err()).isEqualTo(ExitCode.DONE);
            assertThat(resumed.err()).containsOnlyOnce("rollout_dtype: " + chosen + ", as the run began\n");
            assertThat(new ObjectMapper()
                            .readTree(auto.resolve("summary.json").toFile())
                            .at("/rollout/rollout_dtype")
                            .textValue())
                    .isEqualTo(chosen);
            String key = chosen.equals("none") ? "" : " rollout_dtype=" + chosen;
            Path straight = done(name + "-chosen", keys + " max_steps=4" + key);
            assertSame("model/model.safetensors", auto, straight);
        }
    }
}
