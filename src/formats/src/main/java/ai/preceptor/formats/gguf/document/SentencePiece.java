package ai.preceptor.formats.gguf.document;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.gguf.GgufMetadata;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A byte-pair vocabulary of SentencePiece as {@code tokenizer.json}: spaces are written as U+2581, one is put before a
 * text, pieces that together are a piece are merged, best score first, and characters that no piece spells become the
 * bytes of their UTF-8.
 *
 * <p>As in SentencePiece and llama.cpp, the space is put before every stretch of text between special tokens, also where
 * the text has one itself. Newer tokenizers of transformers put it before the first stretch only; a file does not tell
 * which it was made from.
 *
 * <p>Source: T. Kudo and J. Richardson, "SentencePiece" (2018), section 3; the list of merges as transformers derives it.
 */
final class SentencePiece {
    private static final String SCORES = "tokenizer.ggml.scores";
    private static final String PREFIX = "tokenizer.ggml.add_space_prefix";
    private static final String CHARACTER_MAP = "tokenizer.ggml.precompiled_charsmap";
    private static final String REMOVES_SPACES = "tokenizer.ggml.remove_extra_whitespaces";
    private static final String SPACE = "\u2581";
    private static final int BYTES = 256;

    /** Pieces have 16 characters at most where they were trained with the default; a bound keeps merges few. */
    private static final int MAX_PIECE = 128;

    private final TokenTable table;
    private final GgufMetadata metadata;
    private final Map<String, Integer> ids;

    /** Two pieces that make a third, of this score; the length of the left one is in characters. */
    private record Merge(String left, String right, float score, int leftLength) {}

    SentencePiece(TokenTable table) {
        this.table = table;
        this.metadata = table.metadata();
        this.ids = table.ids();
        if (metadata.has(CHARACTER_MAP)) {
            throw rewrites(CHARACTER_MAP);
        }
        if (metadata.flag(REMOVES_SPACES).orElse(false)) {
            throw rewrites(REMOVES_SPACES);
        }
        if (!table.typed()) {
            throw metadata.broken(
                    TokenTable.TYPES, "expected one for each of the " + table.size() + " tokens, found none");
        }
    }

    private DataException rewrites(String key) {
        return metadata.broken(
                key,
                "expected a vocabulary that takes texts as they are, found one that rewrites them;"
                        + " put the model's tokenizer.json next to the file");
    }

    /** Writes normalizer, pre-tokenizer, decoder and model. */
    void put(ObjectNode json) {
        boolean prefix = metadata.flag(PREFIX).orElse(true);
        ArrayNode normalizers =
                json.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        if (prefix) {
            normalizers.addObject().put("type", "Prepend").put("prepend", SPACE);
        }
        putReplace(normalizers, " ", SPACE);
        json.putNull("pre_tokenizer");
        ArrayNode decoders = json.putObject("decoder").put("type", "Sequence").putArray("decoders");
        putReplace(decoders, SPACE, " ");
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        if (prefix) {
            decoders.addObject()
                    .put("type", "Strip")
                    .put("content", " ")
                    .put("start", 1)
                    .put("stop", 0);
        }
        boolean fallback = spellsBytes();
        ArrayNode merges = TokenModel.bpe(json, ids, unknown(fallback), true, fallback, false);
        merges().forEach(merge -> merges.addArray().add(merge.left()).add(merge.right()));
    }

    private static void putReplace(ArrayNode steps, String pattern, String content) {
        steps.addObject()
                .put("type", "Replace")
                .put("content", content)
                .putObject("pattern")
                .put("String", pattern);
    }

    /** Whether every byte has a token. */
    private boolean spellsBytes() {
        List<String> missing = IntStream.range(0, BYTES)
                .mapToObj(value -> String.format(Locale.ROOT, "<0x%02X>", value))
                .filter(token -> !ids.containsKey(token))
                .toList();
        if (!missing.isEmpty() && missing.size() < BYTES) {
            throw metadata.broken(
                    TokenTable.TOKENS,
                    "expected tokens for all " + BYTES + " bytes or for none, found " + (BYTES - missing.size())
                            + "; missing is " + missing.get(0));
        }
        return missing.isEmpty();
    }

    /** The token for what no piece spells. */
    private @Nullable String unknown(boolean fallback) {
        String named = SpecialId.UNKNOWN.token(metadata, table.tokens());
        if (named != null) {
            return named;
        }
        for (int id = 0; id < table.size(); id++) {
            if (table.type(id) == TokenTable.UNKNOWN) {
                return table.token(id);
            }
        }
        if (fallback) {
            return null;
        }
        throw metadata.broken(
                TokenTable.TOKENS,
                "expected tokens for all " + BYTES + " bytes, or an unknown token"
                        + " (tokenizer.ggml.unknown_token_id), found neither");
    }

    /** All pairs that make a piece: the best piece first, and of one piece the pair with the longest left part. */
    private List<Merge> merges() {
        float[] scores = metadata.floats(SCORES);
        if (scores.length != table.size()) {
            throw metadata.broken(
                    SCORES, "expected one for each of the " + table.size() + " tokens, found " + scores.length);
        }
        List<Merge> merges = new ArrayList<>();
        for (int id = 0; id < table.size(); id++) {
            if (Float.isNaN(scores[id])) {
                throw metadata.broken(SCORES, "score " + id + ": expected a number, found NaN");
            }
            if (isPiece(id)) {
                addMerges(id, scores[id], merges);
            }
        }
        merges.sort(Comparator.comparingDouble(Merge::score)
                .thenComparingInt(Merge::leftLength)
                .reversed());
        return merges;
    }

    private void addMerges(int id, float score, List<Merge> merges) {
        String piece = table.token(id);
        if (piece.length() > MAX_PIECE) {
            if (table.type(id) != TokenTable.NORMAL) {
                return;
            }
            throw metadata.broken(
                    TokenTable.TOKENS,
                    "token " + id + ": expected at most " + MAX_PIECE + " characters, found " + piece.length());
        }
        for (int at = 1; at < piece.length(); at++) {
            Integer left = ids.get(piece.substring(0, at));
            Integer right = left == null ? null : ids.get(piece.substring(at));
            if (left != null && right != null && isPiece(left) && isPiece(right)) {
                String first = table.token(left);
                merges.add(new Merge(first, table.token(right), score, first.codePointCount(0, at)));
            }
        }
    }

    /** Whether a token is made of a text's characters, and neither a byte nor a sign. */
    private boolean isPiece(int id) {
        int type = table.type(id);
        return (type == TokenTable.NORMAL || type == TokenTable.USER_DEFINED || type == TokenTable.UNUSED)
                && !table.fills(id);
    }
}
