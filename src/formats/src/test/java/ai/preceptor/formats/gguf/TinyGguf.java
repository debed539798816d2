package ai.preceptor.formats.gguf;

import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.weights.Checkpoint;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** A small Llama, Qwen2 or Qwen3 directory written as llama.cpp's converter does: its names, rotary pairs side by side. */
public final class TinyGguf {
    private static final Map<String, String> PARTS = Map.ofEntries(
            Map.entry("input_layernorm", "attn_norm"),
            Map.entry("self_attn.q_proj", "attn_q"),
            Map.entry("self_attn.k_proj", "attn_k"),
            Map.entry("self_attn.v_proj", "attn_v"),
            Map.entry("self_attn.o_proj", "attn_output"),
            Map.entry("post_attention_layernorm", "ffn_norm"),
            Map.entry("mlp.gate_proj", "ffn_gate"),
            Map.entry("mlp.up_proj", "ffn_up"),
            Map.entry("mlp.down_proj", "ffn_down"),
            Map.entry("self_attn.q_norm", "attn_q_norm"),
            Map.entry("self_attn.k_norm", "attn_k_norm"));

    private TinyGguf() {}

    /** Metadata and float32 tensors of a directory, without a vocabulary. */
    public static GgufBytes of(Path directory) {
        GgufBytes file = metadata(directory);
        putTensors(directory, List.of(file));
        return file;
    }

    /** The same in several files, one tensor after the other dealt out to them. */
    public static List<GgufBytes> split(Path directory, int count) {
        List<GgufBytes> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            GgufBytes part = i == 0 ? metadata(directory) : new GgufBytes();
            parts.add(part.uint32("split.no", i).uint32("split.count", count));
        }
        int tensors = putTensors(directory, parts);
        parts.forEach(part -> part.uint32("split.tensors.count", tensors));
        return parts;
    }

    /** Writes parts under the names they must have. @return the first */
    public static Path write(List<GgufBytes> parts, Path directory) {
        for (int i = parts.size(); i > 0; i--) {
            parts.get(i - 1).write(directory.resolve(partName(i, parts.size())));
        }
        return directory.resolve(partName(1, parts.size()));
    }

    public static String partName(int number, int count) {
        return String.format("tiny-%05d-of-%05d.gguf", number, count);
    }

    private static GgufBytes metadata(Path directory) {
        DecoderConfig config = DecoderConfig.read(directory);
        String type = config.modelType();
        return new GgufBytes()
                .text("general.architecture", type)
                .uint32(type + ".block_count", config.layers())
                .uint32(type + ".context_length", config.maxPositionEmbeddings())
                .uint32(type + ".embedding_length", config.hiddenSize())
                .uint32(type + ".feed_forward_length", config.intermediateSize())
                .uint32(type + ".attention.head_count", config.heads())
                .uint32(type + ".attention.head_count_kv", config.kvHeads())
                .float32(
                        type + ".attention.layer_norm_rms_epsilon",
                        config.json().path("rms_norm_eps").floatValue())
                .float32(type + ".rope.freq_base", (float)
                        config.positions().ropes().get(0).theta())
                .uint32(type + ".attention.key_length", config.headDim())
                .uint32(type + ".attention.value_length", config.headDim())
                .uint32(type + ".rope.dimension_count", config.headDim());
    }

    /** @return how many there are */
    private static int putTensors(Path directory, List<GgufBytes> files) {
        DecoderConfig config = DecoderConfig.read(directory);
        int count = 0;
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            for (String name : checkpoint.names()) {
                long[] shape = checkpoint.info(name).shape();
                float[] values = checkpoint.floats(name);
                boolean query = name.contains("q_proj");
                if (config.modelType().equals("llama") && (query || name.contains("k_proj"))) {
                    values = interleaved(values, query ? config.heads() : config.kvHeads(), shape);
                }
                files.get(count++ % files.size()).tensor(inGguf(name), values, shape);
            }
        }
        return count;
    }

    /** Adds the vocabulary of a directory's tokenizer.json, a byte-level BPE. */
    public static GgufBytes vocabulary(GgufBytes file, Path directory, String pre) {
        JsonNode json;
        try {
            json = new ObjectMapper()
                    .readTree(directory.resolve("tokenizer.json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Map.Entry<String, JsonNode>> ids =
                new ArrayList<>(json.path("model").path("vocab").properties());
        ids.sort(Comparator.comparingInt(entry -> entry.getValue().intValue()));
        List<String> tokens =
                new ArrayList<>(ids.stream().map(Map.Entry::getKey).toList());
        json.path("added_tokens").forEach(added -> {
            if (added.path("id").intValue() >= tokens.size()) {
                tokens.add(added.path("content").textValue());
            }
        });
        int[] types = new int[tokens.size()];
        java.util.Arrays.fill(types, 1);
        json.path("added_tokens").forEach(added -> types[added.path("id").intValue()] = 3);
        List<String> merges = new ArrayList<>();
        json.path("model")
                .path("merges")
                .forEach(merge -> merges.add(
                        merge.isTextual()
                                ? merge.textValue()
                                : merge.path(0).textValue() + " "
                                        + merge.path(1).textValue()));
        return file.text("tokenizer.ggml.model", "gpt2")
                .text("tokenizer.ggml.pre", pre)
                .texts("tokenizer.ggml.tokens", tokens)
                .ints("tokenizer.ggml.token_type", types)
                .texts("tokenizer.ggml.merges", merges)
                .uint32("tokenizer.ggml.eos_token_id", tokens.indexOf("<|im_end|>"))
                .text("tokenizer.chat_template", "{% for m in messages %}{{ m.content }}{% endfor %}");
    }

    private static String inGguf(String name) {
        String[] parts = name.split("\\.", 4);
        if (name.startsWith("model.layers.")) {
            int dot = parts[3].lastIndexOf('.');
            return "blk." + parts[2] + "." + PARTS.get(parts[3].substring(0, dot)) + parts[3].substring(dot);
        }
        return name.replace("model.embed_tokens", "token_embd")
                .replace("model.norm", "output_norm")
                .replace("lm_head", "output");
    }

    private static float[] interleaved(float[] values, int heads, long[] shape) {
        int rows = (int) shape[0];
        int width = values.length / rows;
        int half = rows / heads / 2;
        float[] moved = new float[values.length];
        for (int head = 0; head < heads; head++) {
            for (int j = 0; j < half; j++) {
                for (int s = 0; s < 2; s++) {
                    int from = (head * 2 * half + s * half + j) * width;
                    System.arraycopy(values, from, moved, (head * 2 * half + 2 * j + s) * width, width);
                }
            }
        }
        return moved;
    }
}
