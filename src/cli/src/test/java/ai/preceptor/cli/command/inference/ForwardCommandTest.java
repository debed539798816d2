package ai.preceptor.cli.command.inference;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandLine;
import ai.preceptor.cli.Commands;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.formats.weights.SafetensorsFile;
import ai.preceptor.formats.weights.SafetensorsWriter;
import ai.preceptor.formats.weights.TensorData;
import ai.preceptor.testkit.Golden;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ForwardCommandTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @MethodSource("ai.preceptor.testkit.Golden#families")
    void run_languageModel_writesWhatTransformersComputes(String name) {
        Path model = Golden.dir(name);
        Path output = directory.resolve("out.safetensors");
        assertThat(run(model, model.resolve("expected.safetensors"), output)).isEqualTo(ExitCode.DONE);
        try (SafetensorsFile actual = SafetensorsFile.open(output);
                SafetensorsFile expected = SafetensorsFile.open(model.resolve("expected.safetensors"))) {
            assertThat(actual.names()).containsExactly("last_hidden", "logits", "target_logprobs");
            long[] mask =
                    new long[Math.toIntExact(expected.info("attention_mask").elements())];
            expected.map("attention_mask").asLongBuffer().get(mask);
            compare(actual, expected, "logits", 2e-4, mask);
            compare(actual, expected, "last_hidden", 2e-4, mask);
            compare(actual, expected, "target_logprobs", 1e-4, new long[0]);
        }
    }

    @Test
    void run_rewardModel_writesRewards() {
        Path model = Golden.dir("models/llama-reward");
        Path output = directory.resolve("out.safetensors");
        assertThat(run(model, model.resolve("expected.safetensors"), output)).isEqualTo(ExitCode.DONE);
        try (SafetensorsFile actual = SafetensorsFile.open(output);
                SafetensorsFile expected = SafetensorsFile.open(model.resolve("expected.safetensors"))) {
            compare(actual, expected, "rewards", 2e-4, new long[0]);
        }
    }

    @Test
    void run_inputsThatDoNotFit_areBadData() {
        Path inputs = directory.resolve("in.safetensors");
        Path model = Golden.dir("models/llama");
        write(inputs, Map.of("input_ids", TensorData.floats(new float[] {1, 2}, 1, 2)));
        assertThat(run(model, inputs, directory.resolve("o"))).isEqualTo(ExitCode.BAD_DATA);
        assertThat(text()).contains("input_ids", "expected int64 [rows, length], found F32 [1, 2]");
        write(
                inputs,
                Map.of(
                        "input_ids", TensorData.longs(new long[] {1, 2}, 1, 2),
                        "attention_mask", TensorData.longs(new long[] {0, 0}, 1, 2)));
        assertThat(run(model, inputs, directory.resolve("o"))).isEqualTo(ExitCode.BAD_DATA);
        assertThat(text()).contains("attention_mask: row 0 masks all of its tokens");
        write(inputs, Map.of("input_ids", TensorData.longs(new long[] {1, 99_999}, 1, 2)));
        assertThat(run(model, inputs, directory.resolve("o"))).isEqualTo(ExitCode.BAD_DATA);
        assertThat(text()).contains("input_ids[0, 1]: expected a token id in [0, ", "found 99999");
        write(inputs, Map.of("attention_mask", TensorData.longs(new long[] {0, 0}, 1, 2)));
        assertThat(run(model, inputs, directory.resolve("o"))).isEqualTo(ExitCode.BAD_DATA);
        assertThat(text()).contains("\"input_ids\"");
    }

    /** Compares per element; where {@code mask} says 0 for a row of the output, nothing is compared. */
    private static void compare(
            SafetensorsFile actual, SafetensorsFile expected, String name, double tolerance, long[] mask) {
        assertThat(actual.info(name).shape()).isEqualTo(expected.info(name).shape());
        float[] computed = actual.floats(name);
        float[] golden = expected.floats(name);
        int width = mask.length == 0 ? golden.length : golden.length / mask.length;
        for (int i = 0; i < golden.length; i++) {
            if (mask.length == 0 || mask[i / width] != 0) {
                assertThat((double) computed[i])
                        .as("%s[%d]", name, i)
                        .isCloseTo(golden[i], org.assertj.core.data.Offset.offset(tolerance));
            }
        }
    }

    private static void write(Path file, Map<String, TensorData> tensors) {
        SafetensorsWriter.write(file, tensors, SafetensorsWriter.PYTORCH);
    }

    private ExitCode run(Path model, Path inputs, Path output) {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new CommandLine(Commands.standard(), new Terminal(stream, stream, false, 80))
                .run(List.of("forward", "model=" + model, "inputs=" + inputs, "output=" + output, "device=cpu"));
    }

    private String text() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
