package ai.preceptor.formats.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.formats.family.Positions;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerCutTest {

    /** Four layers of a family, with these keys of its own. */
    private static DecoderConfig four(String keys) throws JsonProcessingException {
        String common = """
                {"vocab_size": 53, "hidden_size": 24, "intermediate_size": 20, "num_hidden_layers": 4,
                 "num_attention_heads": 4, "max_position_embeddings": 64, %s}""";
        return DecoderConfig.parse(
                Path.of("config.json"), (ObjectNode) new ObjectMapper().readTree(common.formatted(keys)));
    }

    @Test
    void llama_isNumberedAnew() throws JsonProcessingException {
        LayerCut cut = new LayerCut(four("\"model_type\": \"llama\""), List.of(1, 3));
        assertThat(cut.config().layers()).isEqualTo(2);
        assertThat(cut.config().json().has("layer_types")).isFalse();
        assertThat(cut.rename("model.layers.1.mlp.up_proj.weight")).contains("model.layers.0.mlp.up_proj.weight");
        assertThat(cut.rename("model.layers.3.mlp.up_proj.weight")).contains("model.layers.1.mlp.up_proj.weight");
        assertThat(cut.rename("model.layers.2.mlp.up_proj.weight")).isEmpty();
        assertThat(cut.rename("model.norm.weight")).contains("model.norm.weight");
    }

    @Test
    void layerTypes_areCutAlong() throws JsonProcessingException {
        DecoderConfig gemma = four("""
                "model_type": "gemma3_text", "head_dim": 8, "sliding_window": 3, "layer_types":
                ["sliding_attention", "sliding_attention", "full_attention", "sliding_attention"]""");
        DecoderConfig cut = new LayerCut(gemma, List.of(0, 2)).config();
        assertThat(cut.positions().windowOf()).containsExactly(3, 0);
        assertThat(cut.positions().ropeOf()).containsExactly(1, 0);
        assertThat(cut.json().path("layer_types")).hasSize(2);
    }

    /** Layers 2 and 3 have windows by their number; layer 2 becomes layer 0 and keeps its own. */
    @Test
    void windowByNumber_isWrittenDown() throws JsonProcessingException {
        DecoderConfig qwen = four("""
                "model_type": "qwen2", "num_key_value_heads": 2, "use_sliding_window": true, "sliding_window": 3,
                "max_window_layers": 2""");
        assertThat(qwen.positions().windowOf()).containsExactly(0, 0, 3, 3);
        DecoderConfig cut = new LayerCut(qwen, List.of(1, 2)).config();
        assertThat(cut.positions().windowOf()).containsExactly(0, 3);
        assertThat(cut.json().path("layer_types").toString()).isEqualTo("[\"full_attention\",\"sliding_attention\"]");
    }

    /** Every fourth layer has no rotary embedding. */
    @Test
    void ropeByNumber_isWrittenDown() throws JsonProcessingException {
        DecoderConfig smol = four("\"model_type\": \"smollm3\", \"num_key_value_heads\": 2");
        assertThat(smol.positions().ropeOf()).containsExactly(0, 0, 0, Positions.NONE);
        DecoderConfig cut = new LayerCut(smol, List.of(0, 3)).config();
        assertThat(cut.positions().ropeOf()).containsExactly(0, Positions.NONE);
        assertThat(cut.json().path("no_rope_layers").toString()).isEqualTo("[1,0]");
    }

    @Test
    void scaleByNumber_isRefusedWhereItWouldChange() throws JsonProcessingException {
        DecoderConfig gpt2 = four("""
                "model_type": "gpt2", "n_embd": 24, "n_head": 4, "n_layer": 4, "n_positions": 64,
                "scale_attn_by_inverse_layer_idx": true""");
        assertThat(new LayerCut(gpt2, List.of(0, 1)).config().layers()).isEqualTo(2);
        assertThatThrownBy(() -> new LayerCut(gpt2, List.of(0, 2)).config())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("keep_layers: scales of attention of GPT2LMHeadModel follow from the number");
    }

    @Test
    void badLists_areRefused() throws JsonProcessingException {
        DecoderConfig llama = four("\"model_type\": \"llama\"");
        assertThatThrownBy(() -> new LayerCut(llama, List.of(0, 4)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("keep_layers: expected numbers from 0 to 3, the model's layers, found 4");
        assertThatThrownBy(() -> new LayerCut(llama, List.of(2, 1)))
                .hasMessage("keep_layers: expected numbers from 0 in increasing order, found [2, 1]");
        assertThatThrownBy(() -> new LayerCut(llama, List.of(1, 1))).hasMessageContaining("increasing order");
        assertThatThrownBy(() -> new LayerCut(llama, List.of(-1, 1))).hasMessageContaining("found [-1, 1]");
        assertThatThrownBy(() -> new LayerCut(llama, List.of()))
                .hasMessage("keep_layers: expected at least one layer, found []");
    }
}
