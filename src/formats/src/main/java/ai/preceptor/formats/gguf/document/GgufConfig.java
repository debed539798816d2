package ai.preceptor.formats.gguf.document;

import ai.preceptor.formats.gguf.GgufArchitecture;
import ai.preceptor.formats.gguf.GgufFile;
import ai.preceptor.formats.gguf.GgufMetadata;
import ai.preceptor.formats.gguf.GgufTensor;
import ai.preceptor.formats.gguf.GgufType;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalLong;

/** A file's metadata as the {@code config.json} and {@code generation_config.json} that it was once made from. */
final class GgufConfig {
    private final GgufFile file;
    private final GgufMetadata metadata;
    private final GgufArchitecture architecture;

    GgufConfig(GgufFile file) {
        this.file = file;
        this.metadata = file.metadata();
        this.architecture = GgufArchitecture.of(file);
    }

    /** The tree of {@code config.json}; the reader of the configuration checks its values. */
    ObjectNode config() {
        refuseWhatIsNotRead();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putArray("architectures").add(architecture.className());
        json.put("model_type", architecture.label());
        long heads = require("attention.head_count");
        long hidden = require("embedding_length");
        json.put("vocab_size", file.tensor("token_embd.weight").dimensions().get(0));
        json.put("hidden_size", hidden);
        json.put("intermediate_size", require("feed_forward_length"));
        json.put("num_hidden_layers", require("block_count"));
        json.put("num_attention_heads", heads);
        json.put("num_key_value_heads", whole("attention.head_count_kv").orElse(heads));
        long headDim = whole("attention.key_length").orElse(heads == 0 ? 0 : hidden / heads);
        json.put("head_dim", headDim);
        json.put("hidden_act", "silu");
        json.put("max_position_embeddings", whole("context_length").orElse(2048));
        json.put(
                "rms_norm_eps",
                metadata.number(key("attention.layer_norm_rms_epsilon")).orElse(1e-6));
        json.set("rope_parameters", new GgufRope(file, architecture.label(), headDim).parameters());
        json.put("tie_word_embeddings", !file.tensors().containsKey("output.weight"));
        if (architecture == GgufArchitecture.LLAMA) {
            json.put("attention_bias", file.tensors().containsKey("blk.0.attn_q.bias"));
            json.put("mlp_bias", file.tensors().containsKey("blk.0.ffn_gate.bias"));
        }
        putIds(json);
        json.put("dtype", dtype());
        return json;
    }

    /** The tree of {@code generation_config.json}: the special ids. */
    ObjectNode generation() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        putIds(json);
        return json;
    }

    private void putIds(ObjectNode json) {
        SpecialId.BOS.of(metadata).ifPresent(id -> json.put("bos_token_id", id));
        List<Long> ends = SpecialId.ends(metadata);
        if (ends.size() == 1) {
            json.put("eos_token_id", ends.get(0));
        } else if (!ends.isEmpty()) {
            var list = json.putArray("eos_token_id");
            ends.forEach(list::add);
        }
        SpecialId.PAD.of(metadata).ifPresent(id -> json.put("pad_token_id", id));
    }

    /** The type of most numbers, where quantized ones count as what they become. */
    private String dtype() {
        long[] elements = new long[3];
        for (GgufTensor tensor : file.tensors().values()) {
            int type = tensor.type() == GgufType.F16 ? 1 : tensor.type() == GgufType.BF16 ? 2 : 0;
            elements[type] += tensor.elements();
        }
        if (elements[0] >= Math.max(elements[1], elements[2])) {
            return "float32";
        }
        return elements[1] >= elements[2] ? "float16" : "bfloat16";
    }

    private void refuseWhatIsNotRead() {
        if (whole("expert_count").orElse(0) > 0) {
            throw metadata.broken(key("expert_count"), "expected none, found a mixture of experts");
        }
        OptionalLong keys = whole("attention.key_length");
        OptionalLong values = whole("attention.value_length");
        if (keys.isPresent() && values.isPresent() && keys.getAsLong() != values.getAsLong()) {
            throw metadata.broken(
                    key("attention.value_length"),
                    "expected the length of keys, " + keys.getAsLong() + ", found " + values.getAsLong());
        }
    }

    private String key(String name) {
        return architecture.label() + "." + name;
    }

    private OptionalLong whole(String name) {
        return metadata.whole(key(name));
    }

    private long require(String name) {
        return metadata.requireWhole(key(name));
    }
}
