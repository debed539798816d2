package ai.preceptor.data.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.OutputException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonlWriterTest {
    @TempDir
    Path dir;

    @Test
    void write_rows_areVisibleAtOnceInTheirOwnOrder() throws IOException {
        Path file = dir.resolve("a/b/metrics.jsonl");
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("step", 1);
        row.put("loss", 0.5);
        row.put("text", "two\nlines ä");
        row.put("none", null);
        row.put("ids", new int[] {1, 2});
        try (JsonlWriter writer = JsonlWriter.append(file)) {
            writer.write(row);
            assertThat(Files.readString(file))
                    .isEqualTo("{\"step\":1,\"loss\":0.5,\"text\":\"two\\nlines ä\",\"none\":null,\"ids\":[1,2]}\n");
            writer.flush();
        }
    }

    @Test
    void write_notANumber_isAString() {
        Path file = dir.resolve("a.jsonl");
        try (JsonlWriter writer = JsonlWriter.create(file)) {
            writer.write(Map.of("loss", Double.NaN));
            writer.write(Map.of("loss", Float.NEGATIVE_INFINITY));
        }
        List<JsonNode> rows = JsonlReader.committedRows(file);
        assertThat(rows.get(0).get("loss").asText()).isEqualTo("NaN");
        assertThat(rows.get(1).get("loss").asText()).isEqualTo("-Infinity");
    }

    @Test
    void append_toRows_keepsThem_createDoesNot() throws IOException {
        Path file = dir.resolve("a.jsonl");
        for (int i = 0; i < 3; i++) {
            try (JsonlWriter writer = JsonlWriter.append(file)) {
                writer.write(Map.of("i", i));
            }
        }
        assertThat(Files.readString(file)).isEqualTo("{\"i\":0}\n{\"i\":1}\n{\"i\":2}\n");
        try (JsonlWriter writer = JsonlWriter.create(file)) {
            writer.write(Map.of("i", 9));
        }
        assertThat(Files.readString(file)).isEqualTo("{\"i\":9}\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 70_000, 200_000})
    void append_tornLastLine_isCutOff(int tornLength) throws IOException {
        byte[] torn = new byte[tornLength];
        Arrays.fill(torn, (byte) 'x');
        Path file = dir.resolve("a.jsonl");
        Files.write(
                file,
                ("{\"i\":0}\n" + new String(torn, StandardCharsets.US_ASCII)).getBytes(StandardCharsets.US_ASCII));
        assertThat(JsonlReader.committedRows(file)).hasSize(1);
        JsonlWriter.append(file).close();
        assertThat(Files.readString(file)).isEqualTo("{\"i\":0}\n");
        Files.write(file, torn);
        assertThat(JsonlReader.committedRows(file)).isEmpty();
        JsonlWriter.append(file).close();
        assertThat(file).isEmptyFile();
    }

    /** The line is whole JSON, but was never acknowledged: the writer and the reader must agree. */
    @Test
    void append_lastLineWithoutLineFeed_isTorn() throws IOException {
        Path file = dir.resolve("a.jsonl");
        Files.writeString(file, "{\"i\":0}\n{\"i\":1}");
        assertThat(JsonlReader.committedRows(file)).hasSize(1);
        try (JsonlWriter writer = JsonlWriter.append(file)) {
            writer.write(Map.of("i", 2));
        }
        assertThat(Files.readString(file)).isEqualTo("{\"i\":0}\n{\"i\":2}\n");
    }

    @Test
    void committedRows_badLineInTheMiddle_isAnError() throws IOException {
        Path file = dir.resolve("a.jsonl");
        Files.writeString(file, "{\"i\":0}\n{\"i\":\n{\"i\":2}\n");
        assertThatThrownBy(() -> JsonlReader.committedRows(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ":2: expected one JSON object per line");
    }

    @Test
    void replace_whole_orNotAtAll() throws IOException {
        Path file = dir.resolve("a.jsonl");
        JsonlWriter.replace(file, List.of(Map.of("i", 0), Map.of("i", 1)));
        assertThat(Files.readString(file)).isEqualTo("{\"i\":0}\n{\"i\":1}\n");
        List<Map<String, Object>> rows = List.of(Map.of("i", 7), Map.of("i", new Object()));
        assertThatThrownBy(() -> JsonlWriter.replace(file, rows)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Files.readString(file)).isEqualTo("{\"i\":0}\n{\"i\":1}\n");
        assertThat(dir).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void append_placeThatCannotBe_isAnOutputError() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "x");
        assertThatThrownBy(() -> JsonlWriter.append(file.resolve("a.jsonl")))
                .isInstanceOf(OutputException.class)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("a file is in the place of a directory");
        assertThatThrownBy(() -> JsonlWriter.append(dir)).isInstanceOf(OutputException.class);
    }

    @Test
    void write_fullDisk_saysSo() {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "skipped: no /dev/full on this system");
        JsonlWriter writer = JsonlWriter.append(full);
        assertThatThrownBy(() -> writer.write(Map.of("i", 1)))
                .isInstanceOf(OutputException.class)
                .hasMessage("/dev/full: cannot be written: no space left on the device");
        writer.close();
    }

    @Test
    void write_manyThreads_keepsLinesWhole() {
        Path file = dir.resolve("a.jsonl");
        try (JsonlWriter writer = JsonlWriter.append(file)) {
            IntStream.range(0, 400).parallel().forEach(i -> writer.write(Map.of("i", i, "text", "x".repeat(i))));
        }
        assertThat(JsonlReader.committedRows(file))
                .hasSize(400)
                .allSatisfy(row -> assertThat(row.get("text").asText())
                        .hasSize(row.get("i").asInt()));
    }

    /** Kills a real process while it writes: every line it acknowledged is there, and the file opens again. */
    @Test
    void write_processKilled_losesNoAcknowledgedLine() throws IOException, InterruptedException {
        Path file = dir.resolve("a.jsonl");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EndlessWriter.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var acknowledged = child.inputReader(StandardCharsets.UTF_8)) {
            int last = -1;
            for (String line = acknowledged.readLine(); line != null; line = acknowledged.readLine()) {
                last = Integer.parseInt(line);
                if (last == 3000) {
                    break;
                }
            }
            child.destroyForcibly();
            assertThat(last).isEqualTo(3000);
        }
        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
        List<JsonNode> rows = JsonlReader.committedRows(file);
        assertThat(rows).hasSizeGreaterThan(3000);
        JsonlWriter.append(file).close();
        assertThat(Files.readString(file)).endsWith("\n");
        assertThat(JsonlReader.committedRows(file)).isEqualTo(rows);
    }

    /** The process to be killed: writes rows for ever, and says so after each. */
    static final class EndlessWriter {
        private EndlessWriter() {}

        public static void main(String[] arguments) {
            JsonlWriter writer = JsonlWriter.append(Path.of(arguments[0]));
            for (int i = 0; ; i++) {
                writer.write(Map.of("i", i, "text", "x".repeat(i % 2000)));
                System.out.println(i);
            }
        }
    }
}
