package ai.preceptor.lm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenizerTest {
    private static Tokenizer tokenizer;

    @TempDir
    Path directory;

    @BeforeAll
    static void load() {
        tokenizer = Tokenizer.load(Golden.dir("tiny-chat"));
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    /** Ids of transformers 5.23.0 for the golden tokenizer. */
    static Stream<Arguments> known() {
        return Stream.of(
                Arguments.of("The capital of France is Paris.", new int[] {
                    54, 262, 266, 342, 270, 279, 281, 223, 40, 84, 280, 366, 323, 223, 50, 286, 285, 16
                }),
                Arguments.of(
                        "a\uD83D\uDE00b \u00e9\u0000\n\tx",
                        new int[] {67, 175, 256, 249, 225, 68, 223, 130, 105, 191, 201, 200, 90}),
                Arguments.of(
                        "\u65e5\u672c\u8a9e e\u0301",
                        new int[] {165, 248, 101, 165, 253, 108, 167, 106, 255, 309, 139, 226}),
                Arguments.of("<|im_start|>user\nhi<|im_end|>\n", new int[] {1, 297, 267, 201, 74, 75, 2, 201}),
                Arguments.of("", new int[0]));
    }

    @ParameterizedTest
    @MethodSource("known")
    void encode_andDecode_equalTransformers(String text, int[] ids) {
        assertThat(tokenizer.encode(text, true)).containsExactly(ids);
        assertThat(tokenizer.encode(text, false)).containsExactly(ids);
        assertThat(tokenizer.decode(ids, false)).isEqualTo(text);
    }

    @Test
    void decode_skippingSpecials_leavesThemOut() {
        assertThat(tokenizer.decode(new int[] {1, 297, 267, 201, 74, 75, 2, 201}, true))
                .isEqualTo("user\nhi\n");
    }

    @Test
    void decode_partOfACharacter_isTheReplacementCharacter() {
        assertThat(tokenizer.decode(new int[] {175, 256}, true)).isEqualTo("\uFFFD");
    }

    @Test
    void decode_idsWithoutAToken_arePassedOver() {
        assertThat(tokenizer.decode(new int[] {67, 1_000_000, 67}, true)).isEqualTo("aa");
        assertThatThrownBy(() -> tokenizer.decode(new int[] {67, -1}, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ids: expected numbers from 0 on, received -1 at 1");
    }

    @Test
    void encode_longText_isNeitherTruncatedNorPadded() {
        assertThat(tokenizer.encode("a ".repeat(5000), true)).hasSizeGreaterThan(5000);
    }

    @Test
    void encode_halfASurrogatePair_isRefusedWithItsPlace() {
        assertThatThrownBy(() -> tokenizer.encode("ab\uD83D", true))
                .isInstanceOf(EncodingException.class)
                .hasMessage("text: character 2 is half of a surrogate pair, U+D83D");
        assertThatThrownBy(() -> tokenizer.encode("\uDE00ab", true)).isInstanceOf(EncodingException.class);
    }

    @Test
    void specialIds_areTheTokenizersOwn() {
        assertThat(tokenizer.eosId()).isEqualTo(2);
        assertThat(tokenizer.bosId()).isZero();
        assertThat(tokenizer.padId()).isZero();
        assertThat(tokenizer.stopIds()).containsExactly(2);
        assertThat(tokenizer.vocabSize()).isEqualTo(512);
        assertThat(tokenizer.eosToken()).contains("<|im_end|>");
        assertThat(tokenizer.specialTokens())
                .containsOnlyKeys("bos_token", "eos_token", "unk_token", "pad_token")
                .containsEntry("pad_token", "<|endoftext|>");
    }

    @Test
    void load_severalEndsInGenerationConfig_allStop() throws IOException {
        copyTokenizer();
        Files.writeString(directory.resolve("generation_config.json"), "{\"eos_token_id\": [7, 2, 5]}");
        try (Tokenizer loaded = Tokenizer.load(directory)) {
            assertThat(loaded.eosId()).isEqualTo(7);
            assertThat(loaded.stopIds()).containsExactly(2, 5, 7);
            assertThat(loaded.bosId()).isEqualTo(-1);
            assertThat(loaded.padId()).isEqualTo(-1);
            assertThat(loaded.eosToken()).contains(loaded.show(7));
        }
        Files.writeString(directory.resolve("tokenizer_config.json"), "{\"eos_token\": {\"content\": \"<|im_end|>\"}}");
        try (Tokenizer loaded = Tokenizer.load(directory)) {
            assertThat(loaded.eosId()).isEqualTo(2);
            assertThat(loaded.stopIds()).containsExactly(2, 5, 7);
        }
    }

    @Test
    void load_noGenerationConfig_takesTheEndsOfTheConfig() throws IOException {
        copyTokenizer();
        Files.writeString(
                directory.resolve("config.json"),
                "{\"vocab_size\": 512, \"eos_token_id\": [7, 5], \"pad_token_id\": 1}");
        try (Tokenizer loaded = Tokenizer.load(directory)) {
            assertThat(loaded.stopIds()).containsExactly(5, 7);
            assertThat(loaded.eosId()).isEqualTo(7);
            assertThat(loaded.padId()).isEqualTo(1);
        }
        Files.writeString(directory.resolve("generation_config.json"), "{\"eos_token_id\": 2}");
        try (Tokenizer loaded = Tokenizer.load(directory)) {
            assertThat(loaded.stopIds()).containsExactly(2);
            assertThat(loaded.padId()).isEqualTo(-1);
        }
    }

    @Test
    void load_nothingButTokenizerJson_namesNoSpecialToken() throws IOException {
        copyTokenizer();
        try (Tokenizer loaded = Tokenizer.load(directory)) {
            assertThat(loaded.eosId()).isEqualTo(-1);
            assertThat(loaded.stopIds()).isEmpty();
            assertThat(loaded.eosToken()).isEmpty();
        }
    }

    @Test
    void load_specialTokensMap_fillsWhatTheConfigurationLacks() throws IOException {
        copyTokenizer();
        Files.writeString(directory.resolve("tokenizer_config.json"), "{\"pad_token\": null}");
        Files.writeString(
                directory.resolve("special_tokens_map.json"),
                "{\"eos_token\": \"<|im_end|>\", \"pad_token\": \"<|endoftext|>\"}");
        try (Tokenizer loaded = Tokenizer.load(directory)) {
            assertThat(loaded.specialTokens()).containsOnlyKeys("eos_token");
        }
    }

    /** As transformers: tokens only the configuration knows get the next ids, and are special. */
    @Test
    void load_tokensOnlyTheConfigurationKnows_areAdded() throws IOException {
        copyTokenizer();
        Files.writeString(
                directory.resolve("tokenizer_config.json"),
                "{\"pad_token\": \"<pad>\", \"eos_token\": \"<|im_end|>\", \"extra_special_tokens\": [\"<tool>\"]}");
        try (Tokenizer loaded = Tokenizer.load(directory)) {
            assertThat(loaded.padId()).isEqualTo(512);
            assertThat(loaded.vocabSize()).isEqualTo(514);
            int[] ids = loaded.encode("a<pad>b<tool>", true);
            assertThat(ids).containsExactly(67, 512, 68, 513);
            assertThat(loaded.decode(ids, true)).isEqualTo("ab");
        }
        Files.writeString(directory.resolve("config.json"), "{\"vocab_size\": 513}");
        try (Tokenizer loaded = Tokenizer.load(directory)) {
            assertThat(loaded.encode("a<pad>", true)).containsExactly(67, 512);
            assertThatThrownBy(() -> loaded.encode("a<tool>", true))
                    .isInstanceOf(EncodingException.class)
                    .hasMessage("text: token \"<tool>\" has id 513, but config.json gives the embedding 513 rows"
                            + " (vocab_size)");
        }
    }

    @Test
    void load_truncationAndPaddingInTheFile_areNotApplied() throws IOException {
        String json = Files.readString(Golden.file("tiny-chat/tokenizer.json"))
                .replace(
                        "\"truncation\": null",
                        "\"truncation\": {\"direction\": \"Right\", \"max_length\": 4, \"strategy\": \"LongestFirst\","
                                + " \"stride\": 0}")
                .replace(
                        "\"padding\": null",
                        "\"padding\": {\"strategy\": {\"Fixed\": 8}, \"direction\": \"Right\", \"pad_to_multiple_of\":"
                                + " null, \"pad_id\": 0, \"pad_type_id\": 0, \"pad_token\": \"<|endoftext|>\"}");
        Files.writeString(directory.resolve("tokenizer.json"), json);
        try (Tokenizer loaded = Tokenizer.load(directory)) {
            assertThat(loaded.encode("a b c d e f g h i j k", true)).hasSizeGreaterThan(8);
            assertThat(loaded.encode("a", true)).hasSize(1);
        }
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                Arguments.of("tokenizer.json", "", "tokenizer.json: expected a JSON object, found null"),
                Arguments.of("tokenizer.json", "{\"model\": {\"vocab\": {\"a\": 0", "tokenizer.json: not valid JSON"),
                Arguments.of("tokenizer.json", "{\"model\": {}}", "key \"model.vocab\": expected tokens, found none"),
                Arguments.of(
                        "tokenizer.json", "{\"model\": {\"vocab\": {\"a\": 0}}}", "tokenizer.json: not a tokenizer"),
                Arguments.of("tokenizer_config.json", "{\"eos_token\": 3}", "key \"eos_token\": expected a token"),
                Arguments.of("tokenizer_config.json", "{", "tokenizer_config.json:1:"),
                Arguments.of(
                        "tokenizer_config.json",
                        "{\"split_special_tokens\": true}",
                        "key \"split_special_tokens\": expected false, found true"),
                Arguments.of(
                        "generation_config.json",
                        "{\"eos_token_id\": \"two\"}",
                        "generation_config.json: key \"eos_token_id\": expected a token id"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void load_brokenFile_namesIt(String file, String content, String problem) throws IOException {
        copyTokenizer();
        Files.writeString(directory.resolve(file), content);
        assertThatThrownBy(() -> Tokenizer.load(directory).close())
                .isInstanceOf(DataException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void load_noTokenizer_saysWhatIsThereInstead() throws IOException {
        assertThatThrownBy(() -> Tokenizer.load(directory)).hasMessage(directory + ": holds no tokenizer.json");
        Files.writeString(directory.resolve("tokenizer.model"), "x");
        assertThatThrownBy(() -> Tokenizer.load(directory))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("found tokenizer.model, which is not read");
    }

    @Test
    void encode_fromFourThreads_givesTheSameIds() throws Exception {
        String text = "The quick brown fox, \u65e5\u672c. ".repeat(40);
        int[] expected = tokenizer.encode(text, true);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<int[]>> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                calls.add(() -> tokenizer.encode(text, true));
            }
            for (Future<int[]> call : threads.invokeAll(calls)) {
                assertThat(call.get()).containsExactly(expected);
            }
        } finally {
            threads.shutdown();
        }
    }

    private void copyTokenizer() throws IOException {
        Files.copy(Golden.file("tiny-chat/tokenizer.json"), directory.resolve("tokenizer.json"));
        directory.resolve("tokenizer.json").toFile().setWritable(true);
    }
}
