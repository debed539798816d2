package ai.preceptor.formats.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.formats.weights.Checkpoint;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufSplitTest {
    private static final Path MODEL = Golden.dir("models/llama");

    @TempDir
    Path directory;

    private List<GgufBytes> parts;
    private Path first;

    @BeforeEach
    void write() {
        parts = TinyGguf.split(MODEL, 3);
        first = TinyGguf.write(parts, directory);
    }

    @Test
    void open_threeParts_isTheWholeModel() {
        try (GgufCheckpoint split = GgufCheckpoint.open(first);
                Checkpoint whole = Checkpoint.open(MODEL)) {
            assertThat(split.names()).isEqualTo(whole.names());
            for (String name : whole.names()) {
                assertThat(split.floats(name)).as(name).isEqualTo(whole.floats(name));
            }
        }
        assertThat(DecoderConfig.read(first))
                .usingRecursiveComparison()
                .ignoringFields("json", "specialIds")
                .isEqualTo(DecoderConfig.read(MODEL));
        assertThat(new ModelFiles(directory).gguf()).contains(first);
        assertThat(GgufSplit.files(first))
                .containsExactly(first, part(2), part(3))
                .isEqualTo(GgufSplit.files(part(2)));
    }

    @Test
    void files_withOtherDigits_areFound() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("fa-IR-u-nu-arabext"));
        try {
            assertThat(GgufSplit.files(first)).hasSize(3);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void open_anotherPart_namesTheFirst() {
        assertRefused(
                part(2),
                part(2),
                "key \"split.no\": expected 0, the first of 3 parts, which is " + first + "; found 1");
    }

    @Test
    void open_missingPart_isNamed() throws IOException {
        Files.delete(part(3));
        assertRefused(first, part(3), "no such file; it is part 3 of 3 of a model");
    }

    @Test
    void open_partsOfTwoModels_isRefused() {
        parts.get(1).write(part(3));
        assertRefused(first, part(3), "key \"split.no\": expected 2, as the model's files are, found 1");
        TinyGguf.split(MODEL, 2).get(1).write(part(2));
        assertRefused(first, part(2), "key \"split.count\": expected 3, as the model's files are, found 2");
    }

    @Test
    void open_tensorInTwoParts_isRefused() {
        parts.get(1).tensor("output_norm.weight", new float[1], 1).write(part(2));
        assertThatThrownBy(() -> GgufCheckpoint.open(first))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("key \"split.tensors.count\": expected");
        TinyGguf.write(List.of(untold(0), untold(1), untold(2)), directory);
        assertThatThrownBy(() -> GgufCheckpoint.open(first))
                .isInstanceOf(DataException.class)
                .hasMessage(part(2) + ": tensor \"a\" is in tiny-00001-of-00003.gguf too");
    }

    @Test
    void open_renamed_saysWhatItShouldBeCalled() throws IOException {
        Path renamed = Files.move(first, directory.resolve("model.gguf"));
        assertRefused(
                renamed,
                renamed,
                "key \"split.count\": expected a file called like NAME-00001-of-00003.gguf, the first of 3 parts, found"
                        + " model.gguf");
    }

    @Test
    void open_partThatIsNoGguf_isNamed() throws IOException {
        Files.writeString(part(2), "something else");
        assertThatThrownBy(() -> GgufCheckpoint.open(first))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(part(2) + ": byte 0: not a GGUF file");
    }

    private static GgufBytes untold(int number) {
        return new GgufBytes()
                .text("general.architecture", "llama")
                .uint32("split.no", number)
                .uint32("split.count", 3)
                .tensor(number == 2 ? "b" : "a", new float[1], 1);
    }

    private Path part(int number) {
        return directory.resolve(TinyGguf.partName(number, 3));
    }

    private static void assertRefused(Path opened, Path named, String message) {
        assertThatThrownBy(() -> GgufCheckpoint.open(opened))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(named + ": ")
                .hasMessageEndingWith(message);
    }
}
