package ai.preceptor.lm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.lm.files.ModelFiles;
import ai.preceptor.lm.gguf.GgufBytes;
import ai.preceptor.lm.weights.gguf.TinyGguf;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void load_unknownKinds_areRefusedWithWhatToDo() {
        GgufBytes file = new GgufBytes()
                .text("general.architecture", "llama")
                .text("tokenizer.ggml.model", "t5")
                .texts("tokenizer.ggml.tokens", List.of("a"));
        Path path = file.write(directory.resolve("m.gguf"));
        assertThatThrownBy(() -> Tokenizer.load(path))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(path + ": byte ")
                .hasMessageContaining("key \"tokenizer.ggml.model\": expected one of gpt2")
                .hasMessageEndingWith("found \"t5\"; put the model's tokenizer.json beside the file");
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
