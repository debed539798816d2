package ai.preceptor.data.rows;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Demonstration;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rows with more text than a Java process has memory, in a process of its own: read, split and visited in another order. */
@Timeout(120)
class RowsLargerThanHeapTest {
    private static final int HEAP_MIB = 128;
    private static final int ROWS = 150;
    private static final int ROW_CHARACTERS = 1 << 20;
    private static final int OUT_OF_MEMORY = 3; // of -XX:+ExitOnOutOfMemoryError

    @TempDir
    private static Path directory;

    private static Path file;

    /** 150 MiB of text, packed. */
    @BeforeAll
    static void write() throws IOException {
        file = directory.resolve("rows.jsonl.gz");
        String completion = "x".repeat(ROW_CHARACTERS);
        try (Writer out =
                new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8)) {
            for (int i = 0; i < ROWS; i++) {
                out.write("{\"prompt\": \"" + i + "\", \"completion\": \"" + completion + "\"}\n");
            }
        }
    }

    @Test
    void demonstrations_areReadWithoutHoldingThem() throws Exception {
        Child child = Child.run(file, "visit");
        assertThat(child.code).as(child.said).isZero();
        assertThat(child.said).contains("visited " + ROWS);
    }

    /** The measure of the test above: the same rows in a list do not fit. */
    @Test
    void demonstrations_heldInAList_doNotFit() throws Exception {
        Child child = Child.run(file, "hold");
        assertThat(child.code).as(child.said).isEqualTo(OUT_OF_MEMORY);
        assertThat(child.said).doesNotContain("visited");
    }

    private record Child(int code, String said) {
        static Child run(Path file, String how) throws IOException, InterruptedException {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx" + HEAP_MIB + "m",
                            "-XX:+UseSerialGC",
                            "-XX:+ExitOnOutOfMemoryError",
                            "-Djava.io.tmpdir=" + file.getParent(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Reader.class.getName(),
                            file.toString(),
                            how)
                    .redirectErrorStream(true)
                    .start();
            try {
                String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                return new Child(process.exitValue(), said);
            } finally {
                process.destroyForcibly();
            }
        }
    }

    /** Reads as {@code sft} does. */
    static final class Reader {
        private Reader() {}

        public static void main(String[] arguments) {
            List<Demonstration> rows = Datasets.demonstrations(Path.of(arguments[0]), 0, OnBadRow.FAIL)
                    .rows();
            List<Demonstration> train = Split.byPrompt(rows, 20, 5).train();
            List<Demonstration> held = new ArrayList<>();
            int visited = rows.size() - train.size();
            for (int i = train.size() - 1; i >= 0; i--) {
                Demonstration row = train.get(i);
                visited += row.completion().asString().length() == ROW_CHARACTERS ? 1 : 0;
                if (arguments[1].equals("hold")) {
                    held.add(row);
                }
            }
            System.out.println("visited " + visited + ", held " + held.size());
        }
    }
}
