package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.formats.weights.SafetensorsFile;
import ai.preceptor.formats.weights.SafetensorsWriter;
import ai.preceptor.formats.weights.TensorData;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Logits of a trained model at fixed tokens, which golden curves end with.
 *
 * @param directory for files
 */
record ProbeLogits(Path directory) {

    /** Fails unless the model's are those after the last step of the curve. */
    void assertThose(Path model, JsonNode curve) throws IOException {
        Path inputs = directory.resolve("probe.safetensors");
        SafetensorsWriter.write(
                inputs,
                Map.of("input_ids", TensorData.longs(LongStream.range(3, 35).toArray(), 1, 32)),
                SafetensorsWriter.PYTORCH);
        Path output = directory.resolve("probed.safetensors");
        CommandRun run = CommandRun.of("forward", "model=" + model, "inputs=" + inputs, "output=" + output);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        try (SafetensorsFile file = SafetensorsFile.open(output)) {
            float[] logits = file.floats("logits");
            double[] golden = Golden.doubles(curve.path("probe_logits_after"));
            int last = logits.length - logits.length / 32;
            double sum = 0;
            for (float logit : logits) {
                sum += Math.abs(logit);
            }
            for (int i = 0; i < golden.length; i++) {
                assertThat((double) logits[last + i]).as("logit %d", i).isCloseTo(golden[i], within(1e-3));
            }
            double all = curve.path("probe_logits_abs_sum").doubleValue();
            assertThat(sum).isCloseTo(all, within(1e-4 * all));
        }
    }
}
