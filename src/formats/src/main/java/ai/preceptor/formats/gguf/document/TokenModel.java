package ai.preceptor.formats.gguf.document;

import ai.preceptor.formats.gguf.GgufMetadata;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The tokenization algorithm of a vocabulary, by {@code tokenizer.ggml.model}. */
enum TokenModel {
    /** Byte-pair merges over bytes that are written as printable characters. */
    BYTE_LEVEL("gpt2") {
        @Override
        void put(ObjectNode json, TokenTable table) {
            PreTokenizer pre = PreTokenizer.of(table.metadata());
            Map<String, Integer> vocabulary = table.ids();
            if (pre.composes()) {
                json.putObject("normalizer").put("type", "NFC");
            } else {
                json.putNull("normalizer");
            }
            json.set("pre_tokenizer", pre.json());
            json.putObject("decoder")
                    .put("type", "ByteLevel")
                    .put("add_prefix_space", true)
                    .put("trim_offsets", true)
                    .put("use_regex", true);
            ArrayNode merges = bpe(json, vocabulary, null, false, false, pre.ignoresMerges());
            putMerges(merges, table.metadata(), vocabulary);
        }

        @Override
        boolean addsBos(GgufMetadata metadata) {
            return PreTokenizer.of(metadata).addsBos();
        }

        @Override
        boolean isUnknown(TokenTable table, int id) {
            return false;
        }
    },
    /** Pieces over characters with scores, as SentencePiece trains them for Llama 1 and 2, TinyLlama and Mistral. */
    SENTENCE_PIECE("llama") {
        @Override
        void put(ObjectNode json, TokenTable table) {
            new SentencePiece(table).put(json);
        }

        @Override
        boolean addsBos(GgufMetadata metadata) {
            return true;
        }

        @Override
        boolean isUnknown(TokenTable table, int id) {
            return table.type(id) == TokenTable.UNKNOWN;
        }
    };

    static final String KEY = "tokenizer.ggml.model";

    private static final String MERGES = "tokenizer.ggml.merges";

    private final String label;

    TokenModel(String label) {
        this.label = label;
    }

    static TokenModel of(GgufMetadata metadata) {
        String found = metadata.requireText(KEY);
        return Arrays.stream(values())
                .filter(each -> each.label.equals(found))
                .findFirst()
                .orElseThrow(() -> metadata.broken(
                        KEY,
                        "expected one of " + names() + ", found \"" + found
                                + "\"; put the model's tokenizer.json next to the file"));
    }

    private static String names() {
        return Arrays.stream(values()).map(each -> each.label).collect(Collectors.joining(", "));
    }

    /** Whether a file's vocabulary is of this kind. */
    boolean isOf(GgufMetadata metadata) {
        return metadata.text(KEY).equals(Optional.of(label));
    }

    /** Writes normalizer, pre-tokenizer, decoder and model. */
    abstract void put(ObjectNode json, TokenTable table);

    /** Whether a begin of sequence is put before a text where the file does not say. */
    abstract boolean addsBos(GgufMetadata metadata);

    /** Whether a token stands for what the vocabulary cannot spell. */
    abstract boolean isUnknown(TokenTable table, int id);

    /**
     * Writes a byte-pair model of these tokens.
     *
     * @param unknown the token for what no other spells, null for none
     * @return its merges, still empty
     */
    static ArrayNode bpe(
            ObjectNode json,
            Map<String, Integer> vocabulary,
            @Nullable String unknown,
            boolean fuse,
            boolean fallback,
            boolean ignoreMerges) {
        ObjectNode model = json.putObject("model").put("type", "BPE");
        model.putNull("dropout");
        model.putNull("continuing_subword_prefix");
        model.putNull("end_of_word_suffix");
        ObjectNode ids = model.putObject("vocab");
        vocabulary.forEach(ids::put);
        model.put("unk_token", unknown);
        model.put("fuse_unk", fuse);
        model.put("byte_fallback", fallback);
        model.put("ignore_merges", ignoreMerges);
        return model.putArray("merges");
    }

    /** Pairs that are merged, first ones first; spaces of a text are written otherwise, so one separates a pair. */
    private static void putMerges(ArrayNode merges, GgufMetadata metadata, Map<String, Integer> vocabulary) {
        List<String> pairs = metadata.texts(MERGES);
        for (int i = 0; i < pairs.size(); i++) {
            String pair = pairs.get(i);
            int space = Math.max(0, pair.indexOf(' '));
            String left = pair.substring(0, space);
            String right = pair.substring(Math.min(pair.length(), space + 1));
            if (!vocabulary.containsKey(left)
                    || !vocabulary.containsKey(right)
                    || !vocabulary.containsKey(left + right)) {
                throw metadata.broken(
                        MERGES,
                        "merge " + i + " \"" + pair + "\": expected two tokens with a space between them that together"
                                + " are a token");
            }
            merges.addArray().add(left).add(right);
        }
    }
}
