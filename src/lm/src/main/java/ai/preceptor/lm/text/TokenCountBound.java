package ai.preceptor.lm.text;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.formats.io.ModelJson;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How many tokens a text has at least, from its length alone: a text that is far too long need not be tokenized to know
 * that. Safe to use from several threads.
 *
 * <p>Where certain bytes of a text are surely in tokens, and a token has at most {@code longest} bytes, there are at least
 * {@code bytes / longest} tokens. Which bytes are certain:
 *
 * <ul>
 *   <li>What is unknown may vanish or become one token of any length. So only BPE counts, and of it bytes that the
 *       vocabulary has in the alphabet of a byte-level pre-tokenizer, or all where it has {@code <0x00>} to {@code <0xFF>}.
 *   <li>Pre-tokenizers must not drop what separates words.
 *   <li>Normalizers must not shorten a text. Of those that are known, {@code Prepend} and a {@code Replace} by as many
 *       bytes or more do not. {@code NFC} composes characters, but not ASCII with ASCII: no such character has a
 *       decomposition, and none is the second of a pair. So with it count those of ASCII that ASCII or the end follows.
 *   <li>An added token that strips covers any length of white space beside it: so where there is one, white space does
 *       not count.
 *   <li>What a tokenizer puts around a text only adds to it.
 * </ul>
 *
 * <p>Where no byte is certain, the bound is 0, which is always true.
 */
public final class TokenCountBound {
    private static final int BYTES = 256;
    /** What a normalizer that is known here may multiply the bytes of an added token by. */
    private static final int MOST_GROWTH = 3;

    private static final Set<String> KEEPING_SPLITS =
            Set.of("Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous");

    private final int longest;
    private final boolean[] certain;
    private final boolean composes;
    private final boolean strips;

    /** @param certain of each byte whether it is surely in a token */
    private TokenCountBound(int longest, boolean[] certain, boolean composes, boolean strips) {
        this.longest = longest;
        this.certain = certain;
        this.composes = composes;
        this.strips = strips;
    }

    /**
     * Of the tokenizer of a model directory.
     *
     * @throws DataException naming the file when there is none, or when it is truncated
     */
    public static TokenCountBound load(Path directory) {
        return load(new ModelFiles(directory));
    }

    /** As {@link #load(Path)}, of a model whose files are these. */
    public static TokenCountBound load(ModelFiles files) {
        return of(
                ModelJson.read(TokenizerJson.in(files)),
                SpecialTokens.read(files).all());
    }

    /** @param special tokens that may be missing in the file, and are added to it when it is used */
    private static TokenCountBound of(ObjectNode tree, Collection<String> special) {
        JsonNode normalizer = tree.path("normalizer");
        boolean byteLevel = TokenizerJson.has("ByteLevel", tree.path("pre_tokenizer"), "pretokenizers");
        boolean composes = isComposing(normalizer);
        if (!(composes || keepsLength(normalizer)) || !keepsText(tree.path("pre_tokenizer"))) {
            return new TokenCountBound(1, new boolean[BYTES], false, false);
        }
        int longest = 1;
        for (var token : tree.path("model").path("vocab").properties()) {
            String spelt = token.getKey(); // in the alphabet of bytes a character is a byte
            longest = Math.max(longest, byteLevel ? spelt.length() : bytes(spelt));
        }
        for (String token : special) {
            longest = Math.max(longest, bytes(token));
        }
        boolean strips = false;
        for (JsonNode token : tree.path("added_tokens")) {
            int length = bytes(token.path("content").asText());
            boolean grows = token.path("normalized").asBoolean(true) && isThere(normalizer);
            longest = Math.max(longest, grows ? length * MOST_GROWTH + prepended(normalizer) : length);
            strips |= token.path("lstrip").asBoolean() || token.path("rstrip").asBoolean();
        }
        return new TokenCountBound(longest, certain(tree.path("model"), byteLevel), composes, strips);
    }

    /**
     * A number of tokens that no encoding of the text has less than; often far below what it has.
     *
     * @param text any text
     */
    public long leastTokens(String text) {
        long bytes = 0;
        int point;
        for (int i = 0; i < text.length(); i += Character.charCount(point)) {
            point = text.codePointAt(i);
            boolean follows = i + 1 < text.length() && text.charAt(i + 1) >= 0x80;
            if (!(composes && (follows || point >= 0x80)) && !(strips && isSpace(point))) {
                bytes += certainBytes(point);
            }
        }
        return (bytes + longest - 1) / longest;
    }

    private int certainBytes(int point) {
        if (point < 0x80) {
            return certain[point] ? 1 : 0;
        }
        int rest = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3; // bytes of UTF-8 after the first, six bits each
        int first = ((0xFF00 >> (rest + 1)) & 0xFF) | (point >> (6 * rest));
        int count = certain[first] ? 1 : 0;
        for (int shift = 6 * (rest - 1); shift >= 0; shift -= 6) {
            count += certain[0x80 | ((point >> shift) & 0x3F)] ? 1 : 0;
        }
        return count;
    }

    /** Unicode's property White_Space. */
    private static boolean isSpace(int point) {
        return Character.isSpaceChar(point) || (point >= '\t' && point <= '\r') || point == 0x85;
    }

    private static boolean isThere(JsonNode part) {
        return part.isObject();
    }

    private static String type(JsonNode part) {
        return part.path("type").asText();
    }

    /** Whether it is NFC and nothing beside it. */
    private static boolean isComposing(JsonNode normalizer) {
        JsonNode parts = normalizer.path("normalizers");
        return type(normalizer).equals("NFC")
                || (type(normalizer).equals("Sequence") && parts.size() == 1 && isComposing(parts.path(0)));
    }

    /** Whether a normalized text has at least as many bytes. */
    private static boolean keepsLength(JsonNode normalizer) {
        if (!isThere(normalizer)) {
            return normalizer.isNull() || normalizer.isMissingNode();
        }
        return switch (type(normalizer)) {
            case "Prepend" -> true;
            case "Replace" -> {
                int from = bytes(normalizer.path("pattern").path("String"));
                int to = bytes(normalizer.path("content"));
                yield from > 0 && to >= from && to <= from * MOST_GROWTH;
            }
            case "Sequence" ->
                all(normalizer.path("normalizers"), TokenCountBound::keepsLength) && count(normalizer, "Replace") <= 1;
            default -> false;
        };
    }

    private static int prepended(JsonNode normalizer) {
        int own = type(normalizer).equals("Prepend") ? bytes(normalizer.path("prepend")) : 0;
        for (JsonNode part : normalizer.path("normalizers")) {
            own += prepended(part);
        }
        return own * MOST_GROWTH;
    }

    private static int count(JsonNode normalizer, String type) {
        int own = type(normalizer).equals(type) ? 1 : 0;
        for (JsonNode part : normalizer.path("normalizers")) {
            own += count(part, type);
        }
        return own;
    }

    private static int bytes(JsonNode text) {
        return text.isTextual() ? bytes(text.textValue()) : 0;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static boolean all(JsonNode parts, Predicate<JsonNode> holds) {
        for (JsonNode part : parts) {
            if (!holds.test(part)) {
                return false;
            }
        }
        return true;
    }

    private static boolean keepsText(JsonNode splitter) {
        if (!isThere(splitter)) {
            return splitter.isNull() || splitter.isMissingNode();
        }
        return switch (type(splitter)) {
            case "ByteLevel", "Metaspace", "Digits" -> true;
            case "Split" -> KEEPING_SPLITS.contains(splitter.path("behavior").asText());
            case "Sequence" -> all(splitter.path("pretokenizers"), TokenCountBound::keepsText);
            default -> false;
        };
    }

    /** Bytes of a text that are surely in a token that is no longer than it is spelt. */
    private static boolean[] certain(JsonNode model, boolean byteLevel) {
        boolean[] certain = new boolean[BYTES];
        JsonNode vocabulary = model.path("vocab");
        if (!type(model).equals("BPE")
                || !vocabulary.isObject()
                || !isEmpty(model.path("continuing_subword_prefix"))
                || !isEmpty(model.path("end_of_word_suffix"))) {
            return certain;
        }
        if (byteLevel) {
            TokenBytes.alphabet().forEach((letter, value) -> certain[value] = vocabulary.has(String.valueOf(letter)));
            return certain;
        }
        boolean all = model.path("byte_fallback").asBoolean();
        for (int value = 0; value < BYTES; value++) {
            all &= vocabulary.has(String.format(Locale.ROOT, "<0x%02X>", value));
        }
        Arrays.fill(certain, all);
        return certain;
    }

    private static boolean isEmpty(JsonNode text) {
        return text.isMissingNode() || text.isNull() || text.asText().isEmpty();
    }
}
