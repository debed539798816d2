package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.Preceptor;
import ai.preceptor.RewardModel;
import ai.preceptor.formats.weights.SafetensorsWriter;
import ai.preceptor.formats.weights.TensorData;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands with a model of which one tensor is not finite say so, and leave nothing that looks like a result. */
class NotFiniteWeightsTest {
    private static final Path PAIRS = Golden.file("pairs.jsonl");

    @TempDir
    static Path directory;

    private static Path broken;
    private static Path reward;

    @BeforeAll
    static void breakModels() throws IOException {
        broken = Files.createDirectory(directory.resolve("broken"));
        try (Stream<Path> files = Files.list(Golden.dir("tiny-chat"))) {
            for (Path file : files.toList()) {
                Files.copy(file, broken.resolve(file.getFileName().toString()));
            }
        }
        reward = directory.resolve("reward");
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                RewardModel model = preceptor.rewardModel(Golden.dir("tiny-chat"))) {
            model.save(reward);
        }
        spoil(broken.resolve("model.safetensors"));
        spoil(reward.resolve("model.safetensors"));
    }

    /** Makes a number of the last norm NaN. */
    private static void spoil(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int length = Math.toIntExact(bytes.getLong(0));
        JsonNode header = new ObjectMapper().readTree(bytes.array(), 8, length);
        int offset = header.at("/model.norm.weight/data_offsets/0").asInt();
        bytes.putFloat(8 + length + offset + 4 * 5, Float.NaN);
        Files.write(file, bytes.array());
    }

    private static void refused(CommandRun run, Path output, String... parts) {
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err())
                .contains(parts)
                .contains("expected a finite number, found NaN")
                .contains("the weights are not finite: model.norm.weight holds NaN or infinity (1 of 64 numbers)")
                .doesNotContain("defect");
        assertThat(output).doesNotExist();
    }

    @Test
    void logprobs_nameTheLine() throws IOException {
        Path data = directory.resolve("pairs.jsonl");
        List<String> lines = new ArrayList<>(List.of(""));
        lines.addAll(Files.readAllLines(PAIRS));
        Files.write(data, lines);
        Path output = directory.resolve("logprobs.jsonl");
        refused(
                CommandRun.of("logprobs", "model=" + broken, "data=" + data, "output=" + output),
                output,
                data + ":2: " + broken + ": log-probability of the chosen answer of pair 0");
    }

    @Test
    void score_namesTheLine() {
        Path output = directory.resolve("score.jsonl");
        refused(
                CommandRun.of("score", "model=" + reward, "data=" + PAIRS, "output=" + output),
                output,
                PAIRS + ":1: " + reward + ": reward of the chosen answer of pair 0");
    }

    @Test
    void generate_namesTheLine() {
        Path output = directory.resolve("generate.jsonl");
        refused(
                CommandRun.of("generate", "model=" + broken, "data=" + PAIRS, "output=" + output, "max_new_tokens=3"),
                output,
                PAIRS + ":1: " + broken + ": log-probability of a token of its answer");
    }

    @Test
    void forward_namesTheRow() {
        Path inputs = directory.resolve("inputs.safetensors");
        SafetensorsWriter.write(
                inputs,
                Map.of("input_ids", TensorData.longs(new long[] {1, 2, 3, 4}, 2, 2)),
                SafetensorsWriter.PYTORCH);
        Path output = directory.resolve("forward.safetensors");
        refused(
                CommandRun.of("forward", "model=" + broken, "inputs=" + inputs, "output=" + output),
                output,
                "input_ids, row 0: logit");
        refused(
                CommandRun.of("forward", "model=" + reward, "inputs=" + inputs, "output=" + output),
                output,
                "input_ids, row 0: reward");
    }

    @Test
    void eval_namesTheModel() {
        Path output = directory.resolve("eval");
        refused(
                CommandRun.of("eval", "model=" + broken, "data=" + PAIRS, "output=" + output, "max_new_tokens=3"),
                output.resolve("summary.json"),
                broken + ": answer to prompt 0 (0-based): log-probability");
        Path other = directory.resolve("eval-reward");
        refused(
                CommandRun.of("eval", "model=" + reward, "data=" + PAIRS, "output=" + other),
                other.resolve("summary.json"),
                reward + ": reward of an answer");
        Path judged = directory.resolve("eval-judged");
        refused(
                CommandRun.of(
                        "eval",
                        "model=" + Golden.dir("tiny-chat"),
                        "reward_model=" + reward,
                        "data=" + PAIRS,
                        "max_rows=2",
                        "max_new_tokens=3",
                        "output=" + judged),
                judged.resolve("summary.json"),
                reward + ": reward of an answer");
    }

    /** Training cannot start from such weights: it ends before a step is applied. */
    @Test
    void sft_isDiverged_andSaysSo() throws IOException {
        Path data = Files.writeString(
                directory.resolve("sft.jsonl"), "{\"prompt\": \"To be\", \"completion\": \" or not to be\"}");
        Path output = directory.resolve("sft");
        CommandRun run = CommandRun.of("sft", "model=" + broken, "data=" + data, "output=" + output, "max_steps=1");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DIVERGED);
        assertThat(run.err())
                .contains("loss is NaN", "the weights are not finite: model.norm.weight", "nothing saved")
                .doesNotContain("defect")
                .doesNotContain("learning_rate");
        assertThat(output.resolve("model")).doesNotExist();
        assertThat(output.resolve("checkpoints/step-0")).doesNotExist();
    }

    @Test
    void rank_namesTheModel() {
        Path output = directory.resolve("rank");
        refused(
                CommandRun.of("rank", "model=" + broken, "data=" + PAIRS, "output=" + output, "max_steps=1"),
                output.resolve("model"),
                broken + ": log-probability of an answer");
    }
}
