package ai.preceptor.data.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreeSpaceTest {
    @Test
    void directory_hasAtMostTheSpaceOfItsFileSystem(@TempDir Path dir) throws IOException {
        assertThat(FreeSpace.of(dir).orElseThrow())
                .isPositive()
                .isLessThanOrEqualTo(Files.getFileStore(dir).getTotalSpace());
    }

    @Test
    void missingPath_isUnknown(@TempDir Path dir) {
        assertThat(FreeSpace.of(dir.resolve("absent"))).isEmpty();
    }
}
