package ai.preceptor.formats.gguf.document;

import ai.preceptor.formats.gguf.GgufMetadata;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** How a text is split before byte-pair merges, by the names that {@code tokenizer.ggml.pre} has for it. */
enum PreTokenizer {
    /** GPT-2's own expression, which is built into the byte level. */
    GPT2(false, false, "gpt-2") {
        @Override
        void steps(ArrayNode steps) {
            byteLevel(steps, true);
        }
    },
    /** Each digit alone, then GPT-2's. */
    DIGITS(false, false, "smollm starcoder refact") {
        @Override
        void steps(ArrayNode steps) {
            steps.addObject().put("type", "Digits").put("individual_digits", true);
            byteLevel(steps, true);
        }
    },
    /** Llama 3's: numbers of up to three digits, line breaks with what they end. */
    LLAMA3(true, false, "llama-bpe llama3 llama-v3 smaug-bpe") {
        @Override
        void steps(ArrayNode steps) {
            split(steps, WORDS + "\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|" + SPACES);
            byteLevel(steps, false);
        }
    },
    /** Mistral Nemo's: words break where lower case ends, single digits, slashes stay with what they end. */
    TEKKEN(true, false, "tekken") {
        @Override
        void steps(ArrayNode steps) {
            String upper = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
            String lower = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
            String before = "[^\\r\\n\\p{L}\\p{N}]?";
            split(
                    steps,
                    before + upper + "*" + lower + "+|" + before + upper + "+" + lower
                            + "*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|" + SPACES);
            byteLevel(steps, false);
        }
    },
    /** Qwen2's and Qwen3's: the same with single digits, after composition of characters (NFC). */
    QWEN2(false, true, "qwen2") {
        @Override
        void steps(ArrayNode steps) {
            split(steps, WORDS + "\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|" + SPACES);
            byteLevel(steps, false);
        }
    };

    static final String KEY = "tokenizer.ggml.pre";

    /** English endings, and words with the sign before them. */
    private static final String WORDS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";

    /** Line breaks, and blanks without the last one before a word. */
    private static final String SPACES = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private final boolean ignoresMerges;
    private final boolean composes;
    private final String labels;

    PreTokenizer(boolean ignoresMerges, boolean composes, String labels) {
        this.ignoresMerges = ignoresMerges;
        this.composes = composes;
        this.labels = labels;
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
                                + "; put the model's tokenizer.json beside the file"));
    }

    private List<String> names() {
        return List.of(labels.split(" ", -1));
    }

    private static String legal() {
        return Arrays.stream(values()).flatMap(each -> each.names().stream()).collect(Collectors.joining(", "));
    }

    /** Whether a piece that is a token is taken whole, even where merges would not lead to it. */
    boolean ignoresMerges() {
        return ignoresMerges;
    }

    /** Whether characters are composed first. */
    boolean composes() {
        return composes;
    }

    /** Whether a begin of sequence is put before a text where the file does not say. */
    boolean addsBos() {
        return this == LLAMA3 || this == TEKKEN;
    }

    /** What {@code tokenizer.json} holds under {@code pre_tokenizer}. */
    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("type", "Sequence");
        steps(json.putArray("pretokenizers"));
        return json;
    }

    abstract void steps(ArrayNode steps);

    private static void byteLevel(ArrayNode steps, boolean regex) {
        steps.addObject()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", regex);
    }

    private static void split(ArrayNode steps, String regex) {
        ObjectNode step = steps.addObject().put("type", "Split");
        step.putObject("pattern").put("Regex", regex);
        step.put("behavior", "Isolated").put("invert", false);
    }
}
