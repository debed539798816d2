package ai.preceptor.lm.text;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenCountBoundTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path TINY = Golden.dir("tiny-chat");
    private static final String NFC = "{\"type\": \"NFC\"}";
    private static final String SPACES =
            "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Prepend\", \"prepend\":"
                    + " \"\u2581\"}, {\"type\": \"Replace\", \"pattern\": {\"String\": \" \"}, \"content\": \"\u2581\"}]}";

    /** What tokens and normalizers make shortest: long tokens, characters that compose, white space beside tokens that strip. */
    private static final List<String> PIECES = List.of(
            "<|endoftext|>",
            "<|im_end|>",
            "<strip>",
            " ",
            "\u00a0",
            "\u3000",
            "\n",
            "\t",
            "the",
            " the",
            "a",
            "e\u0301",
            "\u212a",
            "\u1f82",
            "\u03b1\u0313\u0300\u0345",
            "\u1112\u1161\u11ab",
            "A\u030a",
            "K",
            "\ud834\udd5e",
            "\u4e2d",
            "\ud83e\udd99",
            "\u0344",
            "\u0958",
            "\u2581",
            "<0xE2>",
            "zz",
            "\u00e9");

    @TempDir
    Path directory;

    private ObjectNode tiny() throws IOException {
        return (ObjectNode) JSON.readTree(TINY.resolve(Tokenizer.FILE).toFile());
    }

    private Path written(ObjectNode tree) throws IOException {
        Files.writeString(directory.resolve(Tokenizer.FILE), tree.toString());
        return directory;
    }

    private static void added(ObjectNode tree, String content, boolean normalized) {
        tree.withArray("added_tokens")
                .addObject()
                .put("id", 512 + tree.withArray("added_tokens").size())
                .put("content", content)
                .put("single_word", false)
                .put("lstrip", true)
                .put("rstrip", true)
                .put("normalized", normalized)
                .put("special", false);
    }

    /** The tiny vocabulary spelt as SentencePiece's models are, with a token for each byte. */
    private ObjectNode byteFallback() throws IOException {
        ObjectNode tree = tiny();
        ObjectNode model = (ObjectNode) tree.path("model");
        ObjectNode vocabulary = model.putObject("vocab");
        for (int value = 0; value < 256; value++) {
            vocabulary.put(String.format("<0x%02X>", value), value + 3);
        }
        int id = 259;
        for (String word : List.of("\u2581", "t", "h", "e", "th", "the", "\u2581the", "a", "z", "zz")) {
            vocabulary.put(word, id++);
        }
        model.put("byte_fallback", true);
        model.set("merges", JSON.readTree("[\"t h\", \"th e\", \"\u2581 the\", \"z z\"]"));
        tree.set("normalizer", JSON.readTree(SPACES));
        tree.putNull("pre_tokenizer");
        tree.putNull("decoder");
        return tree;
    }

    private static void requireTrue(Path model, long seed, boolean everUseful) {
        TokenCountBound bound = TokenCountBound.load(model);
        Random random = new Random(seed);
        long most = 0;
        try (Tokenizer tokenizer = Tokenizer.load(model)) {
            for (int i = 0; i < 1500; i++) {
                StringBuilder text = new StringBuilder();
                for (int parts = random.nextInt(6); parts >= 0; parts--) {
                    text.append(PIECES.get(random.nextInt(PIECES.size())).repeat(1 + random.nextInt(40)));
                }
                long least = bound.leastTokens(text.toString());
                assertThat(least)
                        .as("seed " + seed + ", case " + i + ": " + text)
                        .isLessThanOrEqualTo(tokenizer.encode(text.toString(), false).length);
                most = Math.max(most, least);
            }
        }
        assertThat(most > 10).isEqualTo(everUseful);
    }

    @Test
    void leastTokens_byteLevel_isNeverTooMany() throws IOException {
        requireTrue(TINY, 1, true);
        try (Tokenizer tokenizer = Tokenizer.load(TINY)) {
            String text = "<|endoftext|>".repeat(100);
            assertThat(TokenCountBound.load(TINY).leastTokens(text))
                    .as("as many as there are, where all are as long as the longest")
                    .isEqualTo(tokenizer.encode(text, false).length)
                    .isEqualTo(100);
        }
        assertThat(TokenCountBound.load(TINY).leastTokens("")).isZero();
        assertThat(TokenCountBound.load(TINY).leastTokens("\u4e2d".repeat(13))).isEqualTo(3);
    }

    @Test
    void leastTokens_withTokensThatStrip_isNeverTooMany() throws IOException {
        ObjectNode tree = tiny();
        added(tree, "<strip>", false);
        requireTrue(written(tree), 2, true);
    }

    @Test
    void leastTokens_withComposition_isNeverTooMany() throws IOException {
        ObjectNode tree = tiny();
        tree.set("normalizer", JSON.readTree(NFC));
        added(tree, "<strip>", true);
        requireTrue(written(tree), 3, true);
    }

    /** As SmolLM2's, which has no token for some bytes: they vanish. */
    @Test
    void leastTokens_bytesThatTheVocabularyLacks_doNotCount() throws IOException {
        ObjectNode tree = tiny();
        tree.putArray("added_tokens");
        ObjectNode vocabulary = ((ObjectNode) tree.path("model")).putObject("vocab");
        ((ObjectNode) tree.path("model")).putArray("merges");
        TokenBytes.alphabet().forEach((letter, value) -> {
            if (value != 'a' && value != 0xF0 && value != 0x98) {
                vocabulary.put(String.valueOf(letter), vocabulary.size());
            }
        });
        TokenCountBound bound = TokenCountBound.load(written(tree));
        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            for (String text : List.of("a".repeat(9), "abab", "\ud83d\ude00b", "\u00d8\u5600b")) {
                assertThat(bound.leastTokens(text)).as(text).isEqualTo(tokenizer.encode(text, false).length);
            }
        }
    }

    /** Three characters of three bytes compose into one of three, which is a token. */
    @Test
    void leastTokens_withCompositionIntoOneToken_isNeverTooMany() throws IOException {
        ObjectNode tree = tiny();
        tree.set("normalizer", JSON.readTree(NFC));
        tree.putArray("added_tokens");
        ObjectNode vocabulary = ((ObjectNode) tree.path("model")).putObject("vocab");
        StringBuilder letters = new StringBuilder();
        for (byte one : "\ud55c".getBytes(StandardCharsets.UTF_8)) {
            TokenBytes.alphabet().forEach((letter, value) -> letters.append((byte) (int) value == one ? letter : ""));
        }
        TokenBytes.alphabet().keySet().forEach(letter -> vocabulary.put(String.valueOf(letter), vocabulary.size()));
        vocabulary.put(letters.substring(0, 2), 256).put(letters.toString(), 257);
        ((ObjectNode) tree.path("model"))
                .putArray("merges")
                .add(letters.charAt(0) + " " + letters.charAt(1))
                .add(letters.substring(0, 2) + " " + letters.charAt(2));
        TokenCountBound bound = TokenCountBound.load(written(tree));
        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            String text = "\u1112\u1161\u11ab".repeat(20);
            assertThat(tokenizer.encode(text, false)).hasSize(20);
            assertThat(bound.leastTokens(text)).isLessThanOrEqualTo(20);
        }
        assertThat(bound.leastTokens("a".repeat(30))).isEqualTo(10);
    }

    @Test
    void leastTokens_byteFallback_isNeverTooMany() throws IOException {
        requireTrue(written(byteFallback()), 4, true);
        ObjectNode stripping = byteFallback();
        added(stripping, " <strip> ", true);
        requireTrue(written(stripping), 5, true);
    }

    /** The name of a token that only tokenizer_config.json knows counts too. */
    @Test
    void leastTokens_specialTokenElsewhere_isCounted() throws IOException {
        written(tiny());
        String name = "<" + "x".repeat(200) + ">";
        Files.writeString(directory.resolve("tokenizer_config.json"), "{\"eos_token\": \"" + name + "\"}");
        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            assertThat(tokenizer.encode(name.repeat(30), false)).hasSize(30);
        }
        assertThat(TokenCountBound.load(directory).leastTokens(name.repeat(30))).isEqualTo(30);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "normalizer | {\"type\": \"NFKC\"}",
                "normalizer | {\"type\": \"Lowercase\"}",
                "normalizer | {\"type\": \"Strip\"}",
                "normalizer | {\"type\": \"Replace\", \"pattern\": {\"String\": \"ab\"}, \"content\": \"c\"}",
                "normalizer | {\"type\": \"Replace\", \"pattern\": {\"Regex\": \" +\"}, \"content\": \" \"}",
                "normalizer | {\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"NFC\"}, {\"type\": \"Strip\"}]}",
                "pre_tokenizer | {\"type\": \"Whitespace\"}",
                "pre_tokenizer | {\"type\": \"Split\", \"pattern\": {\"String\": \" \"}, \"behavior\": \"Removed\"}",
                "pre_tokenizer | null",
                "model/type | \"WordPiece\"",
                "model/type | \"Unigram\"",
                "model/end_of_word_suffix | \"</w>\""
            })
    void leastTokens_whatIsNotCertain_boundsNothing(String place, String value) throws IOException {
        ObjectNode tree = tiny();
        JsonNode holder = place.contains("/") ? tree.path("model") : tree;
        ((ObjectNode) holder).set(place.substring(place.indexOf('/') + 1), JSON.readTree(value));
        assertThat(TokenCountBound.load(written(tree)).leastTokens("a".repeat(1000)))
                .isZero();
    }
}
