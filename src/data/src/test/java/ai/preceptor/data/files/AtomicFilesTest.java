package ai.preceptor.data.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.OutputException;
import ai.preceptor.data.rows.JsonlWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    /** Of this host; larger than any process number. */
    private static final String DEAD = SiblingTempPath.PLACE + "-999999999-0000abcd";

    @TempDir
    Path dir;

    private Set<String> names() throws IOException {
        try (Stream<Path> list = Files.list(dir)) {
            return list.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    @Test
    void write_newFile_makesItsDirectories() {
        Path file = dir.resolve("a/b/c.txt");
        AtomicFiles.writeString(file, "ä");
        assertThat(file).hasContent("ä");
        assertThat(file.getParent()).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void write_oldFile_isThereUntilTheNewOneIsWhole() throws IOException {
        Path file = dir.resolve("a.txt");
        AtomicFiles.writeString(file, "old");
        AtomicFiles.write(file, out -> {
            out.write("new".getBytes(StandardCharsets.UTF_8));
            out.flush();
            assertThat(file).hasContent("old");
        });
        assertThat(file).hasContent("new");
        assertThat(names()).containsExactly("a.txt");
    }

    @Test
    void write_diskFull_saysSoAndKeepsTheOldFile() throws IOException {
        Path file = dir.resolve("a.txt");
        AtomicFiles.writeString(file, "old");
        assertThatThrownBy(() -> AtomicFiles.write(file, out -> {
                    out.write(new byte[100_000]);
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(OutputException.class)
                .hasMessage(file + ": cannot be written: no space left on the device; what was there is unchanged");
        assertThat(file).hasContent("old");
        assertThat(names()).containsExactly("a.txt");
    }

    @Test
    void write_uncheckedFailure_passesAndKeepsTheOldFile() throws IOException {
        Path file = dir.resolve("a.txt");
        AtomicFiles.writeString(file, "old");
        assertThatThrownBy(() -> AtomicFiles.write(file, out -> {
                    throw new IllegalStateException("bug");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(file).hasContent("old");
        assertThat(names()).containsExactly("a.txt");
    }

    /** Renaming over a device would replace it. */
    @Test
    void write_device_isWrittenDirectlyAndStaysOne() {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "skipped: no /dev/full on this system");
        assertThatThrownBy(() -> AtomicFiles.writeString(full, "x"))
                .isInstanceOf(OutputException.class)
                .hasMessage("/dev/full: cannot be written: no space left on the device");
        AtomicFiles.writeString(Path.of("/dev/null"), "x");
        assertThat(Files.isRegularFile(full)).isFalse();
        assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
    }

    @Test
    void write_link_replacesWhatItPointsTo() throws IOException {
        Path real = Files.writeString(dir.resolve("real.txt"), "old");
        Path link = Files.createSymbolicLink(dir.resolve("link.txt"), real);
        AtomicFiles.writeString(link, "new");
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(real).hasContent("new");
    }

    @Test
    void write_newFile_hasTheUsualPermissions() throws IOException {
        Path usual = Files.writeString(dir.resolve("usual"), "x");
        Path file = dir.resolve("a.txt");
        AtomicFiles.writeString(file, "x");
        Assumptions.assumeTrue(
                Files.getFileStore(dir).supportsFileAttributeView("posix"), "skipped: no POSIX permissions here");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo(PosixFilePermissions.toString(Files.getPosixFilePermissions(usual)));
    }

    @Test
    void write_fileInPlaceOfADirectory_isRefused() throws IOException {
        Path file = Files.writeString(dir.resolve("a"), "x");
        assertThatThrownBy(() -> AtomicFiles.writeString(file.resolve("b.txt"), "y"))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("a file is in the place of a directory");
        assertThatThrownBy(() -> AtomicFiles.writeString(dir, "y")).isInstanceOf(OutputException.class);
        assertThat(file).hasContent("x");
    }

    @Test
    void write_readOnlyDirectory_isRefused() {
        Path locked = dir.resolve("locked");
        AtomicFiles.requireWritable(locked);
        boolean changed = locked.toFile().setWritable(false);
        Assumptions.assumeTrue(
                changed && !Files.isWritable(locked),
                "skipped: this user may write everywhere (root), or permissions lack");
        assertThatThrownBy(() -> AtomicFiles.writeString(locked.resolve("a"), "x"))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("no permission");
        assertThatThrownBy(() -> AtomicFiles.requireWritable(locked)).isInstanceOf(OutputException.class);
    }

    @Test
    void directory_new_isWholeOrNotThere() throws IOException {
        Path target = dir.resolve("step-1");
        AtomicFiles.directory(target, aside -> {
            Files.writeString(Files.createDirectory(aside.resolve("model")).resolve("w"), "1");
            assertThat(target).doesNotExist();
        });
        assertThat(target.resolve("model/w")).hasContent("1");
        assertThat(names()).containsExactly("step-1");
    }

    @Test
    void directory_old_isReplacedAsAWhole() throws IOException {
        Path target = dir.resolve("model");
        AtomicFiles.directory(target, aside -> Files.writeString(aside.resolve("old"), "1"));
        AtomicFiles.directory(target, aside -> Files.writeString(aside.resolve("new"), "2"));
        assertThat(target).isDirectoryNotContaining(path -> path.endsWith("old"));
        assertThat(target.resolve("new")).hasContent("2");
        assertThat(names()).containsExactly("model");
    }

    @Test
    void directory_failure_keepsTheOldOne() throws IOException {
        Path target = dir.resolve("model");
        AtomicFiles.directory(target, aside -> Files.writeString(aside.resolve("w"), "1"));
        assertThatThrownBy(() -> AtomicFiles.directory(target, aside -> {
                    Files.writeString(aside.resolve("w"), "2");
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("no space left on the device; what was there is unchanged");
        assertThat(target.resolve("w")).hasContent("1");
        assertThat(names()).containsExactly("model");
    }

    @Test
    void directory_overAFile_isRefused() throws IOException {
        Path file = Files.writeString(dir.resolve("model"), "precious");
        assertThatThrownBy(() -> AtomicFiles.directory(file, aside -> Files.writeString(aside.resolve("w"), "1")))
                .isInstanceOf(OutputException.class);
        assertThat(file).hasContent("precious");
        assertThat(names()).containsExactly("model");
    }

    @Test
    void write_leftoversOfDeadProcesses_areRemovedAndOthersKept() throws IOException {
        String alive = SiblingTempPath.PLACE + "-" + ProcessHandle.current().pid() + "-0000abcd";
        for (String name : List.of(
                ".a.txt." + DEAD + ".aside", ".a.txt." + alive + ".aside", ".b.txt." + DEAD + ".aside", ".a.txt")) {
            Files.writeString(dir.resolve(name), "x");
        }
        Files.createDirectories(dir.resolve(".a.txt." + DEAD + ".old/deep"));
        AtomicFiles.writeString(dir.resolve("a.txt"), "new");
        assertThat(names())
                .containsExactlyInAnyOrder(
                        "a.txt", ".a.txt", ".a.txt." + alive + ".aside", ".b.txt." + DEAD + ".aside");
    }

    /** On a shared directory: whether that process is alive cannot be seen from here. */
    @Test
    void write_leftoversOfOtherHosts_areKept() throws IOException {
        assertThat(SiblingTempPath.PLACE).matches("[0-9a-f]{8}");
        String elsewhere = SiblingTempPath.PLACE.equals("0000000a") ? "0000000b" : "0000000a";
        List<String> others = List.of(
                ".a.txt." + elsewhere + "-999999999-0000abcd.aside",
                ".a.txt." + elsewhere + "-999999999-0000abcd.old",
                ".a.txt.999999999-0000abcd.aside"); // of a release that did not name the host
        for (String name : others) {
            Files.writeString(dir.resolve(name), "x");
        }
        AtomicFiles.writeString(dir.resolve("a.txt"), "new");
        assertThat(names()).contains("a.txt").containsAll(others).hasSize(4);
    }

    @Test
    void write_temporaryFileRemovedMeanwhile_isAFailure_andTheOldFileStays() throws IOException {
        Path file = dir.resolve("a.txt");
        AtomicFiles.writeString(file, "old");
        assertThatThrownBy(() -> AtomicFiles.write(file, out -> {
                    out.write('x');
                    for (String name : names()) {
                        if (name.endsWith(".aside")) {
                            Files.delete(dir.resolve(name));
                        }
                    }
                }))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining(file + ": cannot be written: the temporary file .a.txt.")
                .hasMessageEndingWith("was removed by somebody; what was there is unchanged");
        assertThat(file).hasContent("old");
        assertThat(names()).containsExactly("a.txt");
    }

    /** Ctrl-C handlers interrupt threads; the state must be saved nevertheless. */
    @Test
    void write_interruptedThread_stillWrites() {
        Path file = dir.resolve("a.txt");
        Thread.currentThread().interrupt();
        try {
            AtomicFiles.writeString(file, "saved");
            try (JsonlWriter writer = JsonlWriter.append(dir.resolve("m.jsonl"))) {
                writer.write(java.util.Map.of("i", 1));
                writer.flush();
            }
            AtomicFiles.directory(dir.resolve("d"), aside -> AtomicFiles.writeString(aside.resolve("w"), "1"));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(file).hasContent("saved");
        assertThat(dir.resolve("d/w")).hasContent("1");
    }
}
