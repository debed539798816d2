package ai.preceptor.formats.gguf;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of tensors in GGUF files and in Hugging Face checkpoints. */
final class GgufNames {
    private static final Map<String, String> TOP = Map.of(
            "token_embd", "model.embed_tokens",
            "output_norm", "model.norm",
            "output", "lm_head");
    private static final Map<String, String> LAYER = Map.ofEntries(
            Map.entry("attn_norm", "input_layernorm"),
            Map.entry("attn_q", "self_attn.q_proj"),
            Map.entry("attn_k", "self_attn.k_proj"),
            Map.entry("attn_v", "self_attn.v_proj"),
            Map.entry("attn_output", "self_attn.o_proj"),
            Map.entry("attn_q_norm", "self_attn.q_norm"),
            Map.entry("attn_k_norm", "self_attn.k_norm"),
            Map.entry("ffn_norm", "post_attention_layernorm"),
            Map.entry("ffn_gate", "mlp.gate_proj"),
            Map.entry("ffn_up", "mlp.up_proj"),
            Map.entry("ffn_down", "mlp.down_proj"));
    private static final Pattern NAME = Pattern.compile("(?:blk\\.(\\d+)\\.)?(\\w+)\\.(weight|bias)");

    private GgufNames() {}

    /**
     * What a tensor is called in a checkpoint.
     *
     * @return empty for the rotary divisors, which are configuration; the name itself where nothing corresponds, so that
     *     it is reported as unexpected
     */
    static Optional<String> inCheckpoint(String name) {
        if (name.equals("rope_freqs.weight")) {
            return Optional.empty();
        }
        Matcher found = NAME.matcher(name);
        if (!found.matches()) {
            return Optional.of(name);
        }
        String layer = found.group(1);
        String called = (layer == null ? TOP : LAYER).get(found.group(2));
        if (called == null) {
            return Optional.of(name);
        }
        String prefix = layer == null ? "" : "model.layers." + layer + ".";
        return Optional.of(prefix + called + "." + found.group(3));
    }
}
