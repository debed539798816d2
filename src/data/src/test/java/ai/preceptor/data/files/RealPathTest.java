package ai.preceptor.data.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealPathTest {
    @TempDir
    Path temporary;

    private Path root;

    @BeforeEach
    void makeFiles() throws IOException {
        root = temporary.toRealPath();
        Files.createDirectories(root.resolve("a/b"));
        Files.writeString(root.resolve("a/file"), "x");
        Files.createSymbolicLink(root.resolve("to-b"), root.resolve("a/b"));
    }

    @Test
    void of_existing_isWithoutLinksAndDots() {
        assertThat(RealPath.of(root.resolve("to-b/../file")).path())
                .as("the parent of what the link means")
                .isEqualTo(root.resolve("a/file"));
        assertThat(RealPath.of(root.resolve("a/./b/../file")).path()).isEqualTo(root.resolve("a/file"));
    }

    @Test
    void of_new_isFoundThroughItsParents() throws IOException {
        assertThat(RealPath.of(root.resolve("to-b/new/../newer")).path()).isEqualTo(root.resolve("a/b/newer"));
        Files.createSymbolicLink(root.resolve("dangling"), Path.of("a/not-yet"));
        assertThat(RealPath.of(root.resolve("dangling")).path()).isEqualTo(root.resolve("a/not-yet"));
        Files.createSymbolicLink(root.resolve("one"), root.resolve("other"));
        Files.createSymbolicLink(root.resolve("other"), root.resolve("one"));
        assertThat(RealPath.of(root.resolve("one")).path()).as("a circle").startsWithRaw(root);
    }

    @Test
    void isSame_hardLink_isTheFile() throws IOException {
        Path hard = Files.createLink(root.resolve("hard"), root.resolve("a/file"));
        assertThat(RealPath.of(hard).isSame(RealPath.of(root.resolve("a/file"))))
                .isTrue();
        Path copy = Files.copy(root.resolve("a/file"), root.resolve("copy"));
        assertThat(RealPath.of(copy).isSame(RealPath.of(root.resolve("a/file"))))
                .isFalse();
    }

    @Test
    void contains_anyDepth_butNotItself() {
        RealPath a = RealPath.of(root.resolve("a"));
        assertThat(a.contains(RealPath.of(root.resolve("to-b/x/y/z")))).isTrue();
        assertThat(a.contains(a)).isFalse();
        assertThat(a.contains(RealPath.of(root.resolve("ab"))))
                .as("a longer name")
                .isFalse();
    }

    @Test
    void of_device_isItsName() {
        Path nothing = Path.of("/dev/null");
        assumeTrue(Files.exists(nothing), "a device");
        assertThat(RealPath.of(nothing).path()).isEqualTo(nothing);
    }
}
