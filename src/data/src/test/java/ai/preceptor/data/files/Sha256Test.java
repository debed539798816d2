package ai.preceptor.data.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256Test {
    /** The first example of FIPS 180-4. */
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path directory;

    @Test
    void hex_ofBytesOrOfAFile_isTheStandardsExample() throws IOException {
        byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);
        assertThat(Sha256.hex(abc)).isEqualTo(ABC);
        MessageDigest digest = Sha256.start();
        Sha256.update(digest, Files.write(directory.resolve("abc"), abc));
        assertThat(Sha256.hex(digest)).isEqualTo(ABC);
    }
}
