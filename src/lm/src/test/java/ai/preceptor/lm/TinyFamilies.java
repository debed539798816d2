package ai.preceptor.lm;

import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.lm.weights.Parameters;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Random;

/** Small configurations that between them use everything a family can do otherwise than Llama. */
public enum TinyFamilies {
    LLAMA_BIASES_YARN("""
            "model_type": "llama", "num_key_value_heads": 1, "head_dim": 10, "attention_bias": true, "mlp_bias": true,
            "rope_parameters": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 16}"""),
    LLAMA_DYNAMIC("""
            "model_type": "llama", "max_position_embeddings": 9, "hidden_act": "gelu",
            "rope_parameters": {"rope_type": "dynamic", "factor": 4.0}"""),
    MISTRAL_WINDOW("""
            "model_type": "mistral", "num_key_value_heads": 2, "sliding_window": 4"""),
    QWEN2_SOME_WINDOWS("""
            "model_type": "qwen2", "num_key_value_heads": 2, "use_sliding_window": true, "sliding_window": 3,
            "max_window_layers": 1, "tie_word_embeddings": true"""),
    QWEN3("""
            "model_type": "qwen3", "num_key_value_heads": 1, "head_dim": 12, "hidden_act": "gelu_new\""""),
    GEMMA3("""
            "model_type": "gemma3_text", "num_key_value_heads": 2, "head_dim": 8, "sliding_window": 3,
            "layer_types": ["sliding_attention", "full_attention"], "query_pre_attn_scalar": 20,
            "final_logit_softcapping": 6.0"""),
    OLMO2("""
            "model_type": "olmo2", "num_key_value_heads": 2"""),
    SMOLLM3("""
            "model_type": "smollm3", "num_key_value_heads": 2, "no_rope_layers": [1, 0]"""),
    PHI3("""
            "model_type": "phi3", "num_key_value_heads": 2, "sliding_window": 5, "partial_rotary_factor": 0.67,
            "rope_scaling": {"type": "longrope", "short_factor": [1.0, 1.5], "long_factor": [2.0, 4.0]},
            "original_max_position_embeddings": 64, "max_position_embeddings": 128, "tie_word_embeddings": true"""),
    GPT2("""
            "model_type": "gpt2", "n_embd": 24, "n_head": 4, "n_layer": 2, "n_inner": 30, "n_positions": 64,
            "scale_attn_by_inverse_layer_idx": true"""),
    GPT_NEOX("""
            "model_type": "gpt_neox", "rotary_pct": 0.67"""),
    GPT_NEOX_IN_TURN("""
            "model_type": "gpt_neox", "rotary_pct": 1.0, "use_parallel_residual": false, "attention_bias": false,
            "tie_word_embeddings": true""");

    private final String keys;

    TinyFamilies(String keys) {
        this.keys = keys;
    }

    DecoderConfig config() {
        String common = """
                {"vocab_size": 53, "hidden_size": 24, "intermediate_size": 20, "num_hidden_layers": 2,
                 "num_attention_heads": 4, "max_position_embeddings": 64}""";
        try {
            ObjectMapper mapper = new ObjectMapper();
            ObjectNode json = (ObjectNode) mapper.readTree(common);
            json.setAll((ObjectNode) mapper.readTree("{" + keys + "}"));
            return DecoderConfig.parse(Path.of(name()), json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** A model whose every tensor, those of norms and biases too, is random. */
    public LanguageModel model(Torch torch, LoadOptions options) {
        LanguageModel model = LanguageModel.initialise(torch, config(), options, 1);
        disturb(model.parameters());
        return model;
    }

    static void disturb(Parameters parameters) {
        Random random = new Random(2);
        for (Parameter block : parameters.blocks()) {
            try (Scope scope = parameters.torch().scope()) {
                float[] values = parameters
                        .torch()
                        .kernels()
                        .tensors()
                        .toType(scope, block.values(), 6)
                        .toFloatArray();
                for (int i = 0; i < values.length; i++) {
                    values[i] += (float) (0.3 * random.nextGaussian());
                }
                parameters.set(
                        block,
                        new Parameter.Part("whole", 0, block.values().getShape().getShape()),
                        values);
            }
        }
        parameters.refreshCopies();
    }
}
