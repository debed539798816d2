package ai.preceptor.cli.command.tool;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.formats.weights.Checkpoint;
import ai.preceptor.formats.weights.DType;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertCommandTest {
    private static final Path MODEL = Golden.dir("tiny-chat");
    private static final long SCRIPT_BITS = 429931544953854400L;

    @TempDir
    Path directory;

    @Test
    void run_shards_holdTheSameBitsAndAllFiles() throws IOException {
        Path output = directory.resolve("out");
        CommandRun run = CommandRun.of("convert", "model=" + MODEL, "output=" + output, "max_shard_size=100KB");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.out()).startsWith(output + ": ").endsWith(" tensors\n");
        assertThat(output.resolve(Checkpoint.INDEX)).exists();
        assertThat(output.resolve(Checkpoint.SINGLE)).doesNotExist();
        try (Stream<Path> shards = Files.list(output)) {
            assertThat(shards.filter(file -> file.toString().endsWith(".safetensors")))
                    .hasSizeGreaterThan(2);
        }
        try (Checkpoint before = Checkpoint.open(MODEL);
                Checkpoint after = Checkpoint.open(output)) {
            assertThat(after.names()).isEqualTo(before.names());
            for (String name : before.names()) {
                assertThat(after.floats(name)).as(name).isEqualTo(before.floats(name));
            }
        }
        assertThat(output.resolve("tokenizer.json")).hasSameBinaryContentAs(MODEL.resolve("tokenizer.json"));
        assertThat(new ModelFiles(output).chatTemplate()).isEqualTo(new ModelFiles(MODEL).chatTemplate());
    }

    @Test
    void run_dtype_roundsEveryTensorAndSaysSo() {
        Path output = directory.resolve("half");
        CommandRun run = CommandRun.of("convert", "model=" + MODEL, "output=" + output, "dtype=bfloat16");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(DecoderConfig.read(output).json().path("dtype").asText()).isEqualTo("bfloat16");
        try (Checkpoint before = Checkpoint.open(MODEL);
                Checkpoint after = Checkpoint.open(output)) {
            for (String name : before.names()) {
                assertThat(after.info(name).dtype()).as(name).isEqualTo(DType.BF16);
                float[] exact = before.floats(name);
                float[] rounded = after.floats(name);
                for (int i = 0; i < exact.length; i++) {
                    assertThat(Math.abs(rounded[i] - exact[i]))
                            .as("%s %d", name, i)
                            .isLessThanOrEqualTo(Math.abs(exact[i]) / 256);
                }
            }
        }
    }

    @Test
    void run_smolLm2Gguf_hasTheBitsOfTheScriptBesideIt() throws IOException {
        Path gguf = Golden.shared("models/smollm2-135m-instruct");
        Path output = directory.resolve("smol");
        CommandRun run = CommandRun.of("convert", "model=" + gguf, "output=" + output);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(DecoderConfig.read(output).json().path("dtype").asText()).isEqualTo("float32");
        try (Checkpoint written = Checkpoint.open(output)) {
            assertThat(written.names()).hasSize(272);
            // What to_safetensors.py of the same directory writes: sums of the bits of all of its float32 values.
            long sum = 0;
            for (String name : written.names()) {
                for (float value : written.floats(name)) {
                    sum = 31 * sum + Float.floatToRawIntBits(value);
                }
            }
            assertThat(sum).isEqualTo(SCRIPT_BITS);
        }
        String fromFile = answers(gguf.resolve("model-q4_1.gguf"));
        assertThat(fromFile).contains("\"token_ids\"").isEqualTo(answers(output));
    }

    /** What a model answers, greedily. */
    private String answers(Path model) throws IOException {
        Path data = Files.writeString(
                directory.resolve("prompts.jsonl"), "{\"prompt\": [{\"role\": \"user\", \"content\": \"Hi\"}]}");
        Path answers = directory.resolve("answers.jsonl");
        CommandRun run = CommandRun.of(
                "generate", "model=" + model, "data=" + data, "output=" + answers, "max_new_tokens=4", "temperature=0");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return Files.readString(answers);
    }

    @Test
    void run_adapter_becomesPartOfTheWeights() throws IOException {
        Path golden = Golden.dir("models/llama-lora");
        Path base = golden.resolve("base");
        Path output = directory.resolve("merged");
        CommandRun run =
                CommandRun.of("convert", "model=" + base, "adapter=" + golden.resolve("adapter"), "output=" + output);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        try (Checkpoint before = Checkpoint.open(base);
                Checkpoint after = Checkpoint.open(output)) {
            assertThat(after.names()).isEqualTo(before.names());
            String adapted = "model.layers.0.self_attn.q_proj.weight";
            String other = "model.layers.0.self_attn.k_proj.weight";
            assertThat(after.floats(other)).isEqualTo(before.floats(other));
            assertThat(after.floats(adapted)).isNotEqualTo(before.floats(adapted));
        }
        assertThat(output.resolve("adapter_config.json")).doesNotExist();
        // The same where the adapter's own directory is the model, its base beside it.
        Path adapter = Files.createDirectory(directory.resolve("adapter"));
        Files.copy(golden.resolve("adapter/adapter_model.safetensors"), adapter.resolve("adapter_model.safetensors"));
        String config = Files.readString(golden.resolve("adapter/adapter_config.json"));
        Files.writeString(
                adapter.resolve("adapter_config.json"),
                config.replace("\"base_model_name_or_path\": null", "\"base_model_name_or_path\": \"" + base + "\""));
        Path again = directory.resolve("again");
        run = CommandRun.of("convert", "model=" + adapter, "output=" + again);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(again.resolve(Checkpoint.SINGLE)).hasSameBinaryContentAs(output.resolve(Checkpoint.SINGLE));
        run = CommandRun.of("convert", "model=" + adapter, "output=" + base);
        assertThat(run.code()).as(run.out()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("output: expected a path apart from all inputs", "which is model", base.toString());
    }

    @Test
    void run_averageAndKeepLayers_writeOneModelWithItsTokenizer() {
        Path output = directory.resolve("out");
        CommandRun run = CommandRun.of(
                "convert",
                "average=[" + MODEL + ", " + MODEL + "]",
                "average_weights=[1, 3]",
                "keep_layers=[1]",
                "output=" + output);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(DecoderConfig.read(output).layers()).isEqualTo(1);
        assertThat(output.resolve("tokenizer.json")).hasSameBinaryContentAs(MODEL.resolve("tokenizer.json"));
        String tensor = "self_attn.q_proj.weight";
        try (Checkpoint before = Checkpoint.open(MODEL);
                Checkpoint after = Checkpoint.open(output)) {
            assertThat(after.floats("model.layers.0." + tensor)).isEqualTo(before.floats("model.layers.1." + tensor));
            assertThat(after.names()).doesNotContain("model.layers.1." + tensor);
        }
    }

    @Test
    void run_badAverages_areRefusedBeforeAnythingIsRead() {
        String output = "output=" + directory.resolve("out");
        CommandRun run =
                CommandRun.of("convert", "model=" + MODEL, "average=[" + MODEL + "]", "keep_layers=[1, 0]", output);
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("model: expected none with average")
                .contains("average: expected at least two models")
                .contains("keep_layers: expected numbers from 0 in increasing order, found [1, 0]");
        run = CommandRun.of("convert", output, "average_weights=[1, 2]");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("model: expected a model, or average, found neither")
                .contains("average_weights: expected none without average, found [1.0, 2.0]");
        run = CommandRun.of("convert", output, "average=[" + MODEL + ", " + MODEL + "]", "average_weights=[1, 2, 3]");
        assertThat(run.err()).contains("average_weights: expected one for each of average (2), found 3");
        run = CommandRun.of("convert", output, "model=" + MODEL, "keep_layers=[0, 7]");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("keep_layers: expected numbers from 0 to 1, the model's layers, found 7");
    }

    @Test
    void run_badKeys_areRefusedTogether() {
        CommandRun run = CommandRun.of("convert", "model=" + MODEL, "output=" + MODEL, "max_shard_size=5 apples");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("max_shard_size: expected bytes, or a number with KB")
                .contains("output: expected a path apart from all inputs, found \"" + MODEL + "\", which is model");
    }

    @Test
    void run_tornGguf_isBadDataAndLeavesNothing() throws IOException {
        Path file = Files.write(
                directory.resolve("torn.gguf"),
                Arrays.copyOf("GGUF".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 20));
        Path output = directory.resolve("out");
        CommandRun run = CommandRun.of("convert", "model=" + file, "output=" + output);
        assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains(file + ": byte 4: the version: expected 2 or 3, little-endian, found 0");
        assertThat(output).doesNotExist();
    }
}
