package ai.preceptor.data.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputFilesTest {
    private static final String ROW = "{\"prompt\": \"ä\"}";

    @TempDir
    Path dir;

    private Dataset<Prompt> read(Path file) {
        return Datasets.prompts(file, 0, OnBadRow.FAIL);
    }

    private Path file(String name, String text) {
        return Rows.bytes(dir, name, text.getBytes(StandardCharsets.UTF_8));
    }

    private void refused(Path file, String message) {
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message);
    }

    @Test
    void open_gzip_isToldByItsContentNotItsName() {
        byte[] packed = Rows.gzip((ROW + "\n").getBytes(StandardCharsets.UTF_8));
        assertThat(read(Rows.bytes(dir, "a.jsonl", packed)).rows()).containsExactly(Prompt.plain("ä"));
        assertThat(read(file("b.jsonl.gz", ROW)).rows()).containsExactly(Prompt.plain("ä"));
    }

    @Test
    void open_gzipOfSeveralMembers_readsAll() throws IOException {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (int i = 0; i < 3; i++) {
            joined.write(Rows.gzip(("{\"prompt\": \"" + i + "\"}\n").getBytes(StandardCharsets.UTF_8)));
        }
        assertThat(read(Rows.bytes(dir, "a.gz", joined.toByteArray())).size()).isEqualTo(3);
    }

    @Test
    void open_byteOrderMark_isIgnoredAlsoInsideGzip() {
        byte[] marked = ("\uFEFF" + ROW).getBytes(StandardCharsets.UTF_8);
        assertThat(read(Rows.bytes(dir, "a.jsonl", marked)).size()).isEqualTo(1);
        assertThat(read(Rows.bytes(dir, "a.gz", Rows.gzip(marked))).size()).isEqualTo(1);
    }

    @Test
    void read_windowsLineEndsBlankLinesAndNoLastLineFeed_areFine() {
        Path file = file("a.jsonl", "\r\n" + ROW + "\r\n  \n\n" + ROW);
        assertThat(read(file).report().read()).isEqualTo(2);
        refused(file("b.jsonl", "\r\n\r\noops\r\n"), ":3: expected one JSON object per line, found \"oops\"");
    }

    @Test
    void open_missingFile_saysSoAndPointsToThePackedOne() {
        refused(dir.resolve("none.jsonl"), ": no such file");
        file("a.jsonl.gz", ROW);
        refused(dir.resolve("a.jsonl"), ": no such file; but there is a.jsonl.gz");
        file("b.jsonl", ROW);
        refused(dir.resolve("b.jsonl.gz"), ": no such file; but there is b.jsonl");
    }

    @Test
    void open_directoryWithoutRows_isRefused() {
        refused(dir, ": no files of rows in this folder: looked for names that end in jsonl, jsonl.gz");
    }

    @Test
    void open_unreadableFile_isRefused() {
        Path file = file("a.jsonl", ROW);
        boolean changed = file.toFile().setReadable(false);
        Assumptions.assumeTrue(
                changed && !Files.isReadable(file),
                "skipped: this user may read everything (root), or permissions lack");
        refused(file, ": cannot be read: no permission");
    }

    @Test
    void open_emptyFile_hasNoRows() {
        refused(file("a.jsonl", ""), ": nothing to learn from: the file has no rows");
        refused(Rows.bytes(dir, "a.gz", Rows.gzip(new byte[0])), "the file has no rows");
    }

    @ParameterizedTest
    @CsvSource({"GGUFxxxx, a GGUF model", "BZh91AY, a bzip2 file", "'PK\u0003\u0004', a zip archive"})
    void open_otherKindOfFile_isNamed(String start, String kind) {
        refused(file("a.bin", start), ": expected JSON lines (UTF-8, plain or gzip), found " + kind);
    }

    @Test
    void open_otherBytes_areNamed() {
        refused(Rows.bytes(dir, "z", new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 1}), "found a zstd file");
        refused(Rows.bytes(dir, "u", ROW.getBytes(StandardCharsets.UTF_16)), "found UTF-16 text");
        byte[] noise = new byte[5000];
        new Random(3).nextBytes(noise);
        noise[0] = 'x';
        refused(Rows.bytes(dir, "n", noise), "found binary data");
        refused(Rows.bytes(dir, "n.gz", Rows.gzip(noise)), "found binary data");
    }

    @Test
    void open_jsonList_isNamed() {
        refused(file("a.json", "[" + ROW + "]"), ":1: expected JSON lines (one object per line), found a JSON list");
    }

    @Test
    void read_truncatedGzip_saysWhere() {
        StringBuilder rows = new StringBuilder();
        Random random = new Random(5);
        for (int i = 0; i < 2000; i++) {
            rows.append("{\"prompt\": \"").append(random.nextLong()).append("\"}\n");
        }
        byte[] packed = Rows.gzip(rows.toString().getBytes(StandardCharsets.UTF_8));
        Path half = Rows.bytes(dir, "half.gz", Arrays.copyOf(packed, packed.length / 2));
        assertThatThrownBy(() -> read(half))
                .isInstanceOf(DataException.class)
                .hasMessageMatching(
                        ".*half\\.gz:\\d{3,4}: cannot be read on: the gzip data end too early; the file is truncated");
        // Whoever asks for no more than the whole part never meets the tear.
        assertThat(Datasets.prompts(half, 100, OnBadRow.FAIL).size()).isEqualTo(100);
        refused(Rows.bytes(dir, "head.gz", Arrays.copyOf(packed, 5)), "cannot be read: the gzip data end too early");
    }

    @Test
    void read_damagedGzip_isRefused() {
        byte[] packed = Rows.gzip((ROW + "\n").repeat(3000).getBytes(StandardCharsets.UTF_8));
        packed[packed.length - 5] ^= 1; // the checksum
        refused(Rows.bytes(dir, "crc.gz", packed), "the gzip data are damaged");
    }

    @Test
    void read_badUtf8_namesByteAndIsARowError() {
        byte[] text = (ROW + "\n" + ROW.replace("ä", "x") + "\n").getBytes(StandardCharsets.UTF_8);
        text[text.length - 4] = (byte) 0xe9;
        Path file = Rows.bytes(dir, "a.jsonl", text);
        refused(file, ":2: expected UTF-8, found byte 0xe9 at byte 13 of the line");
        ReadReport report = Datasets.prompts(file, 0, OnBadRow.SKIP).report();
        assertThat(report.read()).isEqualTo(2);
        assertThat(report.kept()).isEqualTo(1);
    }

    @Test
    void read_endlessLine_isRefusedInBoundedMemory() {
        byte[] text = new byte[(1 << 26) + (1 << 17)];
        Arrays.fill(text, (byte) 'a');
        refused(Rows.bytes(dir, "a.jsonl", text), ":1: expected JSON lines, found a line longer than 64 MiB");
    }
}
