package ai.preceptor.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.setting.PathKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PathCheckTest {
    @TempDir
    Path directory;

    @Test
    void objection_whatIsThere_mustBeOfItsKind() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        Path missing = directory.resolve("missing");
        assertThat(new PathCheck(PathKind.FILE).objection(file)).isNull();
        assertThat(new PathCheck(PathKind.FILE).objection(missing)).isEqualTo("it does not exist");
        assertThat(new PathCheck(PathKind.FILE).objection(directory)).isEqualTo("it is a directory");
        assertThat(new PathCheck(PathKind.MODEL).objection(directory)).isEqualTo("it has no config.json");
        assertThat(new PathCheck(PathKind.MODEL).objection(missing)).isEqualTo("it does not exist");
        assertThat(new PathCheck(PathKind.MODEL).objection(file)).isEqualTo("it is a file");
        Path first = Files.writeString(directory.resolve("a.gguf"), "x");
        assertThat(new PathCheck(PathKind.MODEL).objection(first)).isNull();
        assertThat(new PathCheck(PathKind.MODEL).objection(directory)).isNull();
        Path second = Files.writeString(directory.resolve("b.gguf"), "x");
        assertThat(new PathCheck(PathKind.MODEL).objection(directory))
                .contains("holds several GGUF files", first + ", " + second);
        Files.writeString(directory.resolve("config.json"), "{}");
        assertThat(new PathCheck(PathKind.MODEL).objection(directory)).isNull();
    }

    @Test
    void objection_whatWillBeWritten_mustBePossible() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertThat(new PathCheck(PathKind.OUTPUT_DIRECTORY).objection(directory.resolve("a/b/c")))
                .isNull();
        assertThat(new PathCheck(PathKind.OUTPUT_DIRECTORY).objection(file)).isEqualTo("it is a file");
        assertThat(new PathCheck(PathKind.OUTPUT_DIRECTORY).objection(file.resolve("under")))
                .isEqualTo(file + " is a file");
        assertThat(new PathCheck(PathKind.OUTPUT_FILE).objection(directory)).isEqualTo("it is a directory");
        assertThat(new PathCheck(PathKind.OUTPUT_FILE).objection(file)).isNull();
    }
}
