package ai.preceptor.quickstart;

import ai.preceptor.data.files.AtomicFiles;
import ai.preceptor.quickstart.BpeTrainer.Bpe;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;

/** Writes a byte-level encoding as the files that Hugging Face's libraries read, with a ChatML template. */
final class TokenizerFiles {
    /** Padding and the beginning of a text. */
    static final String END_OF_TEXT = "<|endoftext|>";

    /** Before a turn. */
    static final String TURN_START = "<|im_start|>";

    /** After a turn. */
    static final String TURN_END = "<|im_end|>";

    /** In the order of their ids, from 0. */
    static final List<String> SPECIALS = List.of(END_OF_TEXT, TURN_START, TURN_END);

    private static final String TEMPLATE = """
            {%- for message in messages -%}
            {{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' -}}
            {%- endfor -%}
            {%- if add_generation_prompt -%}
            {{- '<|im_start|>assistant\\n' -}}
            {%- endif -%}
            """;

    private final ObjectMapper json = new ObjectMapper();
    private final Bpe bpe;
    private final int contextLength;

    TokenizerFiles(Bpe bpe, int contextLength) {
        this.bpe = bpe;
        this.contextLength = contextLength;
    }

    /** Writes all of them into an existing directory. */
    void write(Path directory) {
        AtomicFiles.writeString(directory.resolve("tokenizer.json"), tokenizer().toString() + "\n");
        AtomicFiles.writeString(
                directory.resolve("tokenizer_config.json"), settings().toPrettyString() + "\n");
        AtomicFiles.writeString(
                directory.resolve("generation_config.json"), generation().toPrettyString() + "\n");
        AtomicFiles.writeString(directory.resolve("chat_template.jinja"), TEMPLATE);
    }

    private ObjectNode tokenizer() {
        ObjectNode root = json.createObjectNode();
        root.put("version", "1.0");
        root.putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (int id = 0; id < SPECIALS.size(); id++) {
            added.addObject()
                    .put("id", id)
                    .put("content", SPECIALS.get(id))
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        root.putNull("normalizer");
        byteLevel(root.putObject("pre_tokenizer"));
        byteLevel(root.putObject("post_processor"));
        byteLevel(root.putObject("decoder"));
        ObjectNode model = root.putObject("model");
        model.put("type", "BPE").putNull("dropout").putNull("unk_token");
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
        ObjectNode vocab = model.putObject("vocab");
        bpe.ids().forEach(vocab::put);
        ArrayNode merges = model.putArray("merges");
        bpe.merges().forEach(pair -> merges.addArray().add(pair.left()).add(pair.right()));
        return root;
    }

    private static void byteLevel(ObjectNode node) {
        node.put("type", "ByteLevel").put("add_prefix_space", false);
        node.put("trim_offsets", true).put("use_regex", true);
    }

    private ObjectNode settings() {
        return json.createObjectNode()
                .put("tokenizer_class", "PreTrainedTokenizerFast")
                .put("bos_token", END_OF_TEXT)
                .put("eos_token", TURN_END)
                .put("pad_token", END_OF_TEXT)
                .put("unk_token", END_OF_TEXT)
                .put("clean_up_tokenization_spaces", false)
                .put("model_max_length", contextLength);
    }

    private ObjectNode generation() {
        return json.createObjectNode()
                .put("bos_token_id", SPECIALS.indexOf(END_OF_TEXT))
                .put("eos_token_id", SPECIALS.indexOf(TURN_END))
                .put("pad_token_id", SPECIALS.indexOf(END_OF_TEXT));
    }
}
