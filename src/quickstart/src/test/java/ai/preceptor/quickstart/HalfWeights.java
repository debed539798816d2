package ai.preceptor.quickstart;

import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.weights.Checkpoint;
import ai.preceptor.formats.weights.CheckpointWriter;
import ai.preceptor.formats.weights.FloatFormat;
import ai.preceptor.formats.weights.TensorData;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Rounds a model directory's weights to bfloat16, which halves it. */
final class HalfWeights {
    private HalfWeights() {}

    static void write(Path directory) {
        Map<String, TensorData> rounded = new LinkedHashMap<>();
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            for (String name : checkpoint.names()) {
                float[] values = checkpoint.floats(name);
                rounded.put(
                        name,
                        TensorData.floats(
                                FloatFormat.BF16, checkpoint.info(name).shape(), () -> FloatBuffer.wrap(values)));
            }
        }
        CheckpointWriter.single().write(directory, rounded);
        DecoderConfig.read(directory)
                .edited(json -> json.put("dtype", "bfloat16"))
                .write(directory);
    }
}
