package ai.preceptor.formats.gguf.document;

import ai.preceptor.formats.gguf.GgufMetadata;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** How a text is split before byte-pair merges, by the names of {@code tokenizer.ggml.pre}. */
enum PreTokenizer {
    /** GPT-2's own expression, which is built into the byte level. */
    GPT2("", "gpt-2"),
    /** Each digit alone, then GPT-2's. */
    DIGITS("", "smollm starcoder refact"),
    /** Llama 3's: numbers of up to three digits, line breaks with what they end. */
    LLAMA3(
            Patterns.WORDS + "\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|" + Patterns.SPACES,
            "llama-bpe llama3 llama-v3 smaug-bpe"),
    /** Mistral Nemo's: words break where lower case ends, single digits, slashes stay with what they end. */
    TEKKEN(
            Patterns.BEFORE + Patterns.UPPER + "*" + Patterns.LOWER + "+|" + Patterns.BEFORE + Patterns.UPPER + "+"
                    + Patterns.LOWER + "*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|" + Patterns.SPACES,
            "tekken"),
    /** Qwen2's and Qwen3's: as Llama 3's with single digits, after composition of characters (NFC). */
    QWEN2(Patterns.WORDS + "\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|" + Patterns.SPACES, "qwen2");

    /** Parts of expressions. */
    private static final class Patterns {
        /** English endings, and words with the sign before them. */
        static final String WORDS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";

        /** Line breaks, and blanks without the last one before a word. */
        static final String SPACES = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

        static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
        static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
        static final String BEFORE = "[^\\r\\n\\p{L}\\p{N}]?";
    }

    static final String KEY = "tokenizer.ggml.pre";

    private final String regex;
    private final String names;

    /**
     * @param regex what splits a text before the byte level, empty where the byte level's own does
     * @param names separated by spaces
     */
    PreTokenizer(String regex, String names) {
        this.regex = regex;
        this.names = names;
    }

    /** That of a file. Files without the key are older than the key: their pre-tokenizer is unknown. */
    static PreTokenizer of(GgufMetadata metadata) {
        String found = metadata.text(KEY).orElse("none");
        return Arrays.stream(values())
                .filter(each -> each.names().contains(found))
                .findFirst()
                .orElseThrow(() -> metadata.broken(
                        KEY,
                        "expected one of " + legal() + ", found " + found
                                + "; put the model's tokenizer.json next to the file"));
    }

    private List<String> names() {
        return List.of(names.split(" ", -1));
    }

    private static String legal() {
        return Arrays.stream(values()).flatMap(each -> each.names().stream()).collect(Collectors.joining(", "));
    }

    /** Whether a piece that is a token is taken whole, even where merges would not lead to it. */
    boolean ignoresMerges() {
        return addsBos();
    }

    /** Whether characters are composed first. */
    boolean composes() {
        return this == QWEN2;
    }

    /** Whether a begin of sequence is put before a text where the file does not say. */
    boolean addsBos() {
        return this == LLAMA3 || this == TEKKEN;
    }

    /** What {@code tokenizer.json} holds under {@code pre_tokenizer}. */
    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("type", "Sequence");
        ArrayNode steps = json.putArray("pretokenizers");
        if (this == DIGITS) {
            steps.addObject().put("type", "Digits").put("individual_digits", true);
        }
        if (!regex.isEmpty()) {
            ObjectNode split = steps.addObject().put("type", "Split");
            split.putObject("pattern").put("Regex", regex);
            split.put("behavior", "Isolated").put("invert", false);
        }
        steps.addObject()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", regex.isEmpty());
        return json;
    }
}
