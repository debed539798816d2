package ai.preceptor.lm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.formats.gguf.GgufBytes;
import ai.preceptor.formats.gguf.TinyGguf;
import ai.preceptor.formats.io.ModelJson;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizers built from a file's own vocabulary against the ones that files were made from. */
class GgufTokenizerTest {
    private static final List<String> TEXTS = List.of(
            "Hello, world! It's 12345 o'clock.",
            "  two  spaces\tand\n\nlines\r\n ",
            "na\u00efve caf\u00e9 e\u0301 \u65e5\u672c\u8a9e \ud83d\ude00",
            "<|im_start|>user\nHi<|im_end|>\n",
            "I'LL we'Re don't SHE'S",
            "");

    @TempDir
    Path directory;

    @Test
    void load_tinyVocabulary_encodesAsItsOrigin() {
        Path model = Golden.dir("tiny-chat");
        Path file = TinyGguf.vocabulary(TinyGguf.of(model), model, "gpt-2").write(directory.resolve("m.gguf"));
        assertSame(model, file, true);
        assertThat(new ModelFiles(file).chatTemplate()).contains("{% for m in messages %}{{ m.content }}{% endfor %}");
    }

    @Test
    void load_smolLm2Vocabulary_encodesAsItsOrigin() throws IOException {
        Path model = Golden.shared("models/smollm2-135m-instruct");
        Path alone = Files.createSymbolicLink(directory.resolve("m.gguf"), model.resolve("model-q4_1.gguf"));
        assertSame(model, alone, false); // the one beside it does not split digits off, as the file asks
        assertThat(new ModelFiles(alone).chatTemplate()).isEqualTo(new ModelFiles(model).chatTemplate());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "llama-bpe, HelloWorld| |123|4| a|/N|'t",
                "qwen2, HelloWorld| |1|2|3|4| a|/N|'t",
                "tekken, Hello|World| |1|2|3|4| a|/N|'t"
            })
    void pre_splitsWords(String pre, String pieces) throws IOException {
        Path model = Golden.dir("tiny-chat");
        Path file = TinyGguf.vocabulary(TinyGguf.of(model), model, pre).write(directory.resolve("m.gguf"));
        JsonNode json = ModelJson.read(new ModelFiles(file).require("tokenizer.json"));
        String regex = json.at("/pre_tokenizer/pretokenizers/0/pattern/Regex").textValue();
        assertThat(Pattern.compile(regex)
                        .matcher("HelloWorld 1234 a/\n't")
                        .results()
                        .map(found -> found.group().replace('\n', 'N')))
                .containsExactly(pieces.split("\\|", -1));
        try (Tokenizer tokenizer = Tokenizer.load(file)) {
            assertThat(tokenizer.decode(tokenizer.encode("HelloWorld 1234", false), false))
                    .isEqualTo("HelloWorld 1234");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "falcon", "deepseek-llm", "gpt-4o"})
    void load_unknownPre_isRefusedWithWhatToDo(String pre) {
        Path model = Golden.dir("tiny-chat");
        Path file = TinyGguf.vocabulary(TinyGguf.of(model), model, pre).write(directory.resolve("m.gguf"));
        assertThatThrownBy(() -> Tokenizer.load(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("key \"tokenizer.ggml.pre\": expected one of gpt-2, smollm, starcoder, refact,")
                .hasMessageEndingWith("found " + pre + "; put the model's tokenizer.json next to the file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5", "bert", "rwkv", "plamo2", "gemma4", "none"})
    void load_unknownKinds_areRefusedWithWhatToDo(String kind) {
        GgufBytes file = new GgufBytes()
                .text("general.architecture", "llama")
                .text("tokenizer.ggml.model", kind)
                .texts("tokenizer.ggml.tokens", List.of("a"));
        Path path = file.write(directory.resolve("m.gguf"));
        assertThatThrownBy(() -> Tokenizer.load(path))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(path + ": byte ")
                .hasMessageContaining("key \"tokenizer.ggml.model\": expected one of gpt2, llama")
                .hasMessageEndingWith("found \"" + kind + "\"; put the model's tokenizer.json next to the file");
    }

    private static void assertSame(Path expected, Path found, boolean digits) {
        try (Tokenizer origin = Tokenizer.load(expected);
                Tokenizer built = Tokenizer.load(found)) {
            for (String each : TEXTS) {
                String text = digits ? each : each.replaceAll("[0-9]", "d");
                assertThat(built.encode(text, true)).as(text).isEqualTo(origin.encode(text, true));
            }
            long seed = 5;
            Random random = new Random(seed);
            for (int i = 0; i < 500; i++) {
                String text = digits ? randomText(random) : randomText(random).replaceAll("[0-9]", "d");
                int[] ids = origin.encode(text, false);
                assertThat(built.encode(text, false))
                        .as("seed %d, text %d: %s", seed, i, text)
                        .isEqualTo(ids);
                assertThat(built.decode(ids, false)).as(text).isEqualTo(origin.decode(ids, false));
            }
            assertThat(built.eosId()).isEqualTo(origin.eosId());
            assertThat(built.stopIds()).isEqualTo(origin.stopIds());
            assertThat(built.vocabSize()).isEqualTo(origin.vocabSize());
        }
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(40); n > 0; n--) {
            switch (random.nextInt(6)) {
                case 0 -> text.append(' ');
                case 1 -> text.append((char) ('0' + random.nextInt(10)));
                case 2 -> text.appendCodePoint(notNumeric(0xa0 + random.nextInt(0x2000)));
                case 3 -> text.append("\n'\t.,!?-".charAt(random.nextInt(8)));
                default -> text.append((char) ('a' + random.nextInt(26)));
            }
        }
        return text.toString();
    }

    /** Beyond ASCII the kinds of digits split differently, as do the tokenizers that these files were made from. */
    private static int notNumeric(int point) {
        int type = Character.getType(point);
        boolean numeric = type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
        return numeric ? 'n' : point;
    }
}
