package ai.preceptor.lm;

import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.io.ModelJson;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.torch.Torch;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A Llama model of two layers with random weights, and tokens for it. */
final class RandomModel {
    private RandomModel() {}

    static Path write(Torch torch, Path directory, boolean tied) throws IOException {
        Files.createDirectories(directory);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("model_type", "llama").putArray("architectures").add("LlamaForCausalLM");
        json.put("vocab_size", 40)
                .put("hidden_size", 16)
                .put("intermediate_size", 24)
                .put("num_hidden_layers", 2)
                .put("num_attention_heads", 4)
                .put("num_key_value_heads", 2)
                .put("max_position_embeddings", 64)
                .put("initializer_range", 0.3)
                .put("rms_norm_eps", 1e-6)
                .put("tie_word_embeddings", tied);
        Path file = directory.resolve(DecoderConfig.FILE);
        ModelJson.write(file, json);
        try (LanguageModel model =
                LanguageModel.initialise(torch, DecoderConfig.read(directory), LoadOptions.FROZEN, 7)) {
            model.save(directory);
        }
        return directory;
    }

    /** Two prompts, the first shared by two completions. */
    static PackedBatch batch() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {3, 4, 5, 6});
        builder.completion(new int[] {7, 8, 9}).completion(new int[] {10, 11});
        builder.prompt(new int[] {12, 13});
        return builder.completion(new int[] {14, 15, 16, 17}).build();
    }
}
