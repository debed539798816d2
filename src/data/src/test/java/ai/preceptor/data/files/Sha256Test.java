package ai.preceptor.data.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256Test {
    /** The first example of FIPS 180-4. */
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path directory;

    @Test
    void of_bytesTextOrFile_isTheStandardsExample() throws IOException {
        byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);
        assertThat(Sha256.of(abc)).isEqualTo(ABC);
        assertThat(Sha256.of("abc")).isEqualTo(ABC);
        assertThat(Sha256.of(Files.write(directory.resolve("abc"), abc))).isEqualTo(ABC);
        assertThat(new Sha256().add("a").add(ByteBuffer.wrap(abc, 1, 2)).hex()).isEqualTo(ABC);
    }

    @Test
    void add_numbers_isTheirCountAndThem() {
        byte[] bytes = {0, 0, 0, 2, 0, 0, 0, 5, -1, -1, -1, -1};
        assertThat(new Sha256().add(new int[] {5, -1}).hex()).isEqualTo(Sha256.of(bytes));
    }
}
