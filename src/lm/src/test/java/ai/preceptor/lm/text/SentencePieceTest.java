package ai.preceptor.lm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.gguf.GgufBytes;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tokenizers built from SentencePiece vocabularies in GGUF files. The fixture holds two vocabularies that SentencePiece
 * 0.2.3 trained on this project's documentation (small: with bytes; unk: without), texts, and their ids from there.
 */
class SentencePieceTest {
    private static final String TOKENS = "tokenizer.ggml.tokens";

    @TempDir
    Path directory;

    private JsonNode fixture;

    @BeforeEach
    void read() throws IOException {
        try (InputStream json = SentencePieceTest.class.getResourceAsStream("sentencepiece.json")) {
            fixture = new ObjectMapper().readTree(json);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"small", "unk"})
    void encode_anyText_givesSentencePiecesIds(String name) {
        try (Tokenizer tokenizer = load(vocabulary(name))) {
            for (int i = 0; i < fixture.path("texts").size(); i++) {
                String text = fixture.path("texts").path(i).textValue();
                int[] ids = ints(fixture.path(name).path("ids").path(i));
                assertThat(tokenizer.encode(text, false)).as(text).isEqualTo(ids);
                if (name.equals("small")) { // what is unknown has no text of its own
                    assertThat(tokenizer.decode(ids, false))
                            .as(text)
                            .isEqualTo(
                                    fixture.path(name).path("decoded").path(i).textValue());
                }
            }
        }
    }

    @Test
    void encode_withSpecialTokens_startsWithTheBeginOfSequence() {
        try (Tokenizer tokenizer = load(vocabulary("small"))) {
            assertThat(tokenizer.bosId()).isEqualTo(1);
            assertThat(tokenizer.stopIds()).containsExactly(2);
            assertThat(tokenizer.encode("", true)).containsExactly(1);
            int[] plain = tokenizer.encode("Hello", false);
            assertThat(tokenizer.encode("Hello", true))
                    .startsWith(1)
                    .endsWith(plain)
                    .hasSize(1 + plain.length);
        }
        try (Tokenizer tokenizer = load(vocabulary("small").bool("tokenizer.ggml.add_bos_token", false))) {
            assertThat(tokenizer.encode("", true)).isEmpty();
        }
    }

    @Test
    void encode_afterSpecialTokens_putsASpaceBeforeEachStretch() {
        try (Tokenizer tokenizer = load(vocabulary("small"))) {
            int[] one = tokenizer.encode("one", false);
            int[] two = tokenizer.encode("two", false);
            List<Integer> expected = new ArrayList<>(List.of(1));
            Arrays.stream(one).forEach(expected::add);
            expected.add(2);
            Arrays.stream(two).forEach(expected::add);
            assertThat(tokenizer.encode("<s>one</s>two", false)).containsExactly(expected.toArray(Integer[]::new));
        }
    }

    @Test
    void encode_withoutSpacePrefix_isWhatTheSpaceItselfWouldMake() {
        try (Tokenizer prefixed = load(vocabulary("small"));
                Tokenizer bare = load(vocabulary("small").bool("tokenizer.ggml.add_space_prefix", false))) {
            for (JsonNode text : fixture.path("texts")) {
                if (!text.textValue().isEmpty()) {
                    int[] ids = prefixed.encode(text.textValue(), false);
                    assertThat(bare.encode(" " + text.textValue(), false)).isEqualTo(ids);
                    assertThat(bare.decode(ids, false)).isEqualTo(" " + prefixed.decode(ids, false));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tokenizer.ggml.remove_extra_whitespaces | expected a vocabulary that takes texts as they are, found one"
                        + " that rewrites them; put the model's tokenizer.json next to the file",
                "tokenizer.ggml.precompiled_charsmap | expected a vocabulary that takes texts as they are, found one"
                        + " that rewrites them; put the model's tokenizer.json next to the file",
            })
    void load_vocabularyThatRewrites_isRefused(String key, String message) {
        assertRefused(vocabulary("small").bool(key, true), "key \"" + key + "\": " + message);
    }

    @Test
    void load_missingByte_isRefused() {
        List<String> pieces = texts("small");
        pieces.set(pieces.indexOf("<0x41>"), "nothing");
        assertRefused(
                vocabulary(pieces, floats(), types()),
                "key \"" + TOKENS + "\": expected tokens for all 256 bytes or for none, found 255; missing is <0x41>");
    }

    @Test
    void load_listsThatDoNotFit_areRefused() {
        int size = texts("small").size();
        float[] scores = floats();
        assertRefused(
                vocabulary(texts("small"), Arrays.copyOf(scores, 7), types()),
                "key \"tokenizer.ggml.scores\": expected one for each of the " + size + " tokens, found 7");
        assertRefused(
                vocabulary(texts("small"), scores, Arrays.copyOf(types(), 8)),
                "key \"tokenizer.ggml.token_type\": expected one for each of the " + size + " tokens, found 8");
        assertRefused(
                vocabulary(texts("small"), scores, new int[0]),
                "key \"tokenizer.ggml.token_type\": expected one for each of the " + size + " tokens, found none");
        scores[9] = Float.NaN;
        assertRefused(
                vocabulary(texts("small"), scores, types()),
                "key \"tokenizer.ggml.scores\": score 9: expected a number, found NaN");
        List<String> pieces = texts("small");
        pieces.set(pieces.size() - 1, "a".repeat(129));
        assertRefused(
                vocabulary(pieces, floats(), types()),
                "token " + (size - 1) + ": expected at most 128 characters, found 129");
    }

    @Test
    void load_neitherBytesNorUnknown_isRefused() {
        int[] types = ints(fixture.path("unk").path("types"));
        types[0] = 1;
        assertRefused(
                vocabulary(texts("unk"), floats(fixture.path("unk").path("scores")), types),
                "expected tokens for all 256 bytes, or an unknown token (tokenizer.ggml.unknown_token_id), found"
                        + " neither");
    }

    /** Any byte, count, type or length may be wrong: a tokenizer then still works, or the file is refused by name. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void load_mutatedVocabulary_isSoundOrRefused(long seed) throws IOException {
        byte[] whole = vocabulary("small").bytes();
        int end = whole.length - 8 * texts("small").size();
        Path path = directory.resolve("m.gguf");
        long[] absurd = {-1, 0, 1, 6, 9, 1L << 31, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE, 0x7fc000007fc00000L};
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 300; i++) {
            byte[] mutant = whole.clone();
            int at = random.nextInt(end - 8);
            if (random.nextBoolean()) {
                mutant[at] = (byte) random.nextInt(256);
            } else {
                ByteBuffer.wrap(mutant)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(at, absurd[random.nextInt(absurd.length)]);
            }
            Files.write(path, mutant);
            try (Tokenizer tokenizer = Tokenizer.load(path)) {
                tokenizer.encode("Hello \u00e9\ud83d\ude00\n 12", true);
            } catch (EncodingException outside) {
                assertThat(outside).hasMessageContaining("vocab_size");
            } catch (DataException broken) {
                assertThat(broken).hasMessageStartingWith(path.toString());
                refused++;
            }
        }
        assertThat(refused).isBetween(30, 290);
    }

    private void assertRefused(GgufBytes file, String message) {
        Path path = file.write(directory.resolve("m.gguf"));
        assertThatThrownBy(() -> Tokenizer.load(path))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(path + ": byte ")
                .hasMessageEndingWith(message);
    }

    private Tokenizer load(GgufBytes file) {
        return Tokenizer.load(file.write(directory.resolve("m.gguf")));
    }

    private GgufBytes vocabulary(String name) {
        JsonNode one = fixture.path(name);
        return vocabulary(texts(name), floats(one.path("scores")), ints(one.path("types")));
    }

    private static GgufBytes vocabulary(List<String> pieces, float[] scores, int[] types) {
        return new GgufBytes()
                .text("general.architecture", "llama")
                .uint32("llama.block_count", 1)
                .uint32("llama.embedding_length", 2)
                .uint32("llama.feed_forward_length", 2)
                .uint32("llama.attention.head_count", 1)
                .tensor("token_embd.weight", new float[2 * pieces.size()], pieces.size(), 2)
                .text("tokenizer.ggml.model", "llama")
                .texts(TOKENS, pieces)
                .floats("tokenizer.ggml.scores", scores)
                .ints("tokenizer.ggml.token_type", types);
    }

    private List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        fixture.path(name).path("pieces").forEach(piece -> texts.add(piece.textValue()));
        return texts;
    }

    private float[] floats() {
        return floats(fixture.path("small").path("scores"));
    }

    private int[] types() {
        return ints(fixture.path("small").path("types"));
    }

    private static float[] floats(JsonNode list) {
        float[] values = new float[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = list.path(i).floatValue();
        }
        return values;
    }

    private static int[] ints(JsonNode list) {
        int[] values = new int[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = list.path(i).intValue();
        }
        return values;
    }
}
