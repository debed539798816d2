package ai.preceptor.quickstart;

import ai.preceptor.formats.config.DecoderConfig;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;

/**
 * Sizes of a small Llama.
 *
 * @param layers at least 1
 * @param hidden width; a multiple of {@code heads}
 * @param intermediate width of the feed-forward block
 * @param heads query heads
 * @param kvHeads key and value heads
 */
record ModelSize(int layers, int hidden, int intermediate, int heads, int kvHeads) {

    /** The configuration of such a model. */
    DecoderConfig config(int vocabSize, int contextLength) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.putArray("architectures").add("LlamaForCausalLM");
        json.put("model_type", "llama").put("vocab_size", vocabSize);
        json.put("hidden_size", hidden).put("intermediate_size", intermediate);
        json.put("num_hidden_layers", layers).put("num_attention_heads", heads);
        json.put("num_key_value_heads", kvHeads).put("head_dim", hidden / heads);
        json.put("hidden_act", "silu").put("rms_norm_eps", 1e-6).put("initializer_range", 0.05);
        json.put("max_position_embeddings", contextLength).put("rope_theta", 10000.0);
        json.put("tie_word_embeddings", true).put("attention_bias", false).put("mlp_bias", false);
        json.put("bos_token_id", TokenizerFiles.SPECIALS.indexOf(TokenizerFiles.END_OF_TEXT));
        json.put("eos_token_id", TokenizerFiles.SPECIALS.indexOf(TokenizerFiles.TURN_END));
        json.put("pad_token_id", TokenizerFiles.SPECIALS.indexOf(TokenizerFiles.END_OF_TEXT));
        json.put("dtype", "float32");
        return DecoderConfig.parse(Path.of(DecoderConfig.FILE), json);
    }
}
