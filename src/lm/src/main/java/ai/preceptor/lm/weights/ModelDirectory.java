package ai.preceptor.lm.weights;

import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.formats.gguf.GgufCheckpoint;
import ai.preceptor.formats.weights.Checkpoint;
import ai.preceptor.formats.weights.CheckpointWriter;
import ai.preceptor.formats.weights.DType;
import ai.preceptor.formats.weights.TensorData;
import ai.preceptor.formats.weights.TensorSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Weights between a Hugging Face directory and {@link Parameters}. */
public final class ModelDirectory {
    private ModelDirectory() {}

    /**
     * Opens a checkpoint after checking that it holds what the configuration says; nothing has been allocated yet.
     *
     * @throws ai.preceptor.data.DataException naming every difference
     */
    public static TensorSource open(Path directory, DecoderConfig config) {
        Optional<Path> gguf = new ModelFiles(directory).gguf();
        TensorSource checkpoint =
                gguf.isPresent() ? GgufCheckpoint.open(gguf.get()) : whole(Checkpoint.open(directory), config);
        try {
            ModelTensors.of(config).compare(checkpoint).refuse();
        } catch (RuntimeException refused) {
            checkpoint.close();
            throw refused;
        }
        return checkpoint;
    }

    /**
     * A checkpoint of the trunk alone, such as OpenAI's of GPT-2, has names without the trunk's prefix: they are read as if they had
     * it, as transformers does.
     */
    private static TensorSource whole(TensorSource checkpoint, DecoderConfig config) {
        String prefix = config.tensorNames().trunk();
        String embedding = ModelTensors.embedding(config).substring(prefix.length());
        boolean bare = !prefix.isEmpty()
                && checkpoint.names().contains(embedding)
                && checkpoint.names().stream().noneMatch(name -> name.startsWith(prefix));
        return bare ? RenamedTensors.prefixed(checkpoint, prefix) : checkpoint;
    }

    /** Reads back what was written of a model. */
    public static void restore(Path directory, Parameters parameters) {
        try (Checkpoint weights = Checkpoint.open(directory)) {
            parameters.load(weights);
        }
    }

    /** Writes config.json and the float32 weights into an existing directory. */
    public static void write(Path directory, DecoderConfig config, Parameters parameters) {
        write(directory, config, parameters, Precision.FLOAT32);
    }

    /**
     * Writes config.json and the weights into an existing directory.
     *
     * @param matrices element type of matrices; all else is float32. Where it is that of products, nothing that is computed
     *     from the files differs from what is computed here
     */
    public static void write(Path directory, DecoderConfig config, Parameters parameters, Precision matrices) {
        TensorFile files = new TensorFile(parameters.torch());
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        for (Parameter block : parameters.blocks()) {
            DType type = block.isMatrix() && matrices == Precision.BFLOAT16 ? DType.BF16 : DType.F32;
            for (Parameter.Part part : block.parts()) {
                tensors.put(
                        part.name(), TensorData.pieces(type, part.shape(), files.pieces(part, block.values(), type)));
            }
        }
        CheckpointWriter.single().write(directory, tensors);
        String name = matrices.name().toLowerCase(Locale.ROOT);
        config.edited(json -> json.put("dtype", name).remove("torch_dtype")).write(directory);
    }
}
