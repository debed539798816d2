package ai.preceptor.lm.text;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.formats.io.ModelJson;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bytes of single tokens, which decoding a token alone does not give: it may be a part of a character, or begin
 * with a space that a decoder drops at the beginning of a text.
 *
 * <p>Byte-level vocabularies spell each byte as a character of their own (Radford et al. 2019, GPT-2's
 * {@code bytes_to_unicode}); others write a space as U+2581 and single bytes as {@code <0xE2>}. Added tokens stand for
 * themselves. Safe to use from several threads.
 */
public final class TokenBytes {
    private static final char SPACE = '\u2581';
    private static final Pattern BYTE = Pattern.compile("<0x([0-9A-Fa-f]{2})>");
    private static final int HEXADECIMAL = 16;
    private static final int BYTES = 256;

    private final Map<Integer, byte[]> bytes;

    private TokenBytes(Map<Integer, byte[]> bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads the vocabulary of a model directory.
     *
     * @throws DataException naming the file when there is none, or when it is truncated
     */
    public static TokenBytes load(Path directory) {
        return load(new ModelFiles(directory));
    }

    /** As {@link #load(Path)}, of a model whose files are these. */
    public static TokenBytes load(ModelFiles files) {
        ObjectNode tree = ModelJson.read(TokenizerJson.in(files));
        boolean byteLevel = TokenizerJson.has("ByteLevel", tree.path("decoder"), "decoders");
        Map<Character, Integer> alphabet = alphabet();
        Map<Integer, byte[]> all = new HashMap<>();
        JsonNode vocabulary = tree.path("model").path("vocab");
        if (vocabulary.isObject()) {
            vocabulary
                    .properties()
                    .forEach(piece ->
                            all.put(piece.getValue().asInt(), spelt(piece.getKey(), byteLevel ? alphabet : Map.of())));
        } else {
            for (int id = 0; id < vocabulary.size(); id++) { // of Unigram: pairs of piece and score
                all.put(id, spelt(vocabulary.get(id).path(0).asText(), byteLevel ? alphabet : Map.of()));
            }
        }
        for (JsonNode added : tree.path("added_tokens")) {
            all.put(added.path("id").asInt(), added.path("content").asText().getBytes(StandardCharsets.UTF_8));
        }
        return new TokenBytes(all);
    }

    /** Printable bytes of Latin-1 are spelt as themselves, the others in order as characters from U+0100 on. */
    static Map<Character, Integer> alphabet() {
        Map<Character, Integer> alphabet = new HashMap<>();
        int next = BYTES;
        for (int value = 0; value < BYTES; value++) {
            boolean printable = (value >= '!' && value <= '~')
                    || (value >= 0xA1 && value <= 0xAC)
                    || (value >= 0xAE && value <= 0xFF);
            alphabet.put((char) (printable ? value : next++), value);
        }
        return alphabet;
    }

    private static byte[] spelt(String piece, Map<Character, Integer> alphabet) {
        if (alphabet.isEmpty()) {
            Matcher single = BYTE.matcher(piece);
            return single.matches()
                    ? new byte[] {(byte) Integer.parseInt(single.group(1), HEXADECIMAL)}
                    : piece.replace(SPACE, ' ').getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < piece.length(); i++) {
            Integer value = alphabet.get(piece.charAt(i));
            if (value == null) {
                return piece.getBytes(StandardCharsets.UTF_8); // not of this alphabet: a token that stands for itself
            }
            out.write(value);
        }
        return out.toByteArray();
    }

    /** UTF-8 of a token's part of a text, perhaps a part of a character; empty for an id without a token. */
    public byte[] of(int id) {
        byte[] known = bytes.get(id);
        return known == null ? new byte[0] : known.clone();
    }

    /** The same as text; where it is no whole character, OpenAI's {@code bytes:\xe2\x80}. */
    public String text(int id) {
        byte[] known = of(id);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(known))
                    .toString();
        } catch (CharacterCodingException partial) {
            StringBuilder spelt = new StringBuilder("bytes:");
            for (byte one : known) {
                spelt.append(String.format(Locale.ROOT, "\\x%02x", one));
            }
            return spelt.toString();
        }
    }
}
