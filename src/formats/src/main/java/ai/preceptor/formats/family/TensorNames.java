package ai.preceptor.formats.family;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Names of a family's tensors in its checkpoints, and the layout of the matrices.
 *
 * @param trunk prefix of everything but the head
 * @param embedding of tokens
 * @param positions learned positions, empty for none
 * @param layers prefix of the layers, before their number
 * @param qkv projections to queries, keys and values: three, or one for all
 * @param output attention's output
 * @param up into the feed-forward block: gate and up, or one for both, or up alone
 * @param down out of it
 * @param norms norms of a layer; those not named the family does not have
 * @param finalNorm before the head
 * @param head over the vocabulary
 * @param layout how matrices lie
 */
public record TensorNames(
        String trunk,
        String embedding,
        String positions,
        String layers,
        List<String> qkv,
        String output,
        List<String> up,
        String down,
        Map<Norm, String> norms,
        String finalNorm,
        String head,
        Layout layout) {

    /** Norms of a layer, in the order in which kernels take them. */
    public enum Norm {
        BEFORE_ATTENTION,
        QUERIES,
        KEYS,
        AFTER_ATTENTION,
        BEFORE_MLP,
        AFTER_MLP
    }

    /** How a layer's matrices lie in the file. */
    public enum Layout {
        /** Outputs by inputs, as PyTorch's Linear. */
        LINEAR,
        /** Inputs by outputs, as GPT-2's Conv1D. */
        TRANSPOSED,
        /** As LINEAR, but the rows of qkv go head by head: its query, its key, its value. */
        HEAD_BY_HEAD
    }

    private static final String MLP = "mlp.";
    private static final String ATTENTION = "self_attn.";

    /** Llama's, which most families share. */
    static final TensorNames LLAMA = new TensorNames(
            "model.",
            "embed_tokens",
            "",
            "layers.",
            List.of(ATTENTION + "q_proj", ATTENTION + "k_proj", ATTENTION + "v_proj"),
            ATTENTION + "o_proj",
            List.of(MLP + "gate_proj", MLP + "up_proj"),
            MLP + "down_proj",
            Map.of(Norm.BEFORE_ATTENTION, "input_layernorm", Norm.BEFORE_MLP, "post_attention_layernorm"),
            "norm",
            "lm_head",
            Layout.LINEAR);

    /** Copies. */
    public TensorNames {
        qkv = List.copyOf(qkv);
        up = List.copyOf(up);
        norms = new EnumMap<>(norms);
    }

    /** The name of a norm of a layer, empty when the family does not have it. */
    public Optional<String> norm(Norm norm) {
        return Optional.ofNullable(norms.get(norm));
    }

    /** The same with other norms. */
    TensorNames norms(Map<Norm, String> other) {
        return new TensorNames(
                trunk, embedding, positions, layers, qkv, output, up, down, other, finalNorm, head, layout);
    }

    /** The same with one projection each for queries, keys and values and for gate and up. */
    TensorNames fused(String qkvName, String upName) {
        return new TensorNames(
                trunk,
                embedding,
                positions,
                layers,
                List.of(qkvName),
                output,
                List.of(upName),
                down,
                norms,
                finalNorm,
                head,
                layout);
    }

    /** Llama's norms and one over each query and key. */
    static Map<Norm, String> withQueryAndKeyNorms(Map<Norm, String> others) {
        Map<Norm, String> all = new EnumMap<>(others);
        all.put(Norm.QUERIES, ATTENTION + "q_norm");
        all.put(Norm.KEYS, ATTENTION + "k_norm");
        return all;
    }
}
