package ai.preceptor.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.ProgramProcess;
import ai.preceptor.testkit.Golden;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real program in a heap that holds neither the rows that it reads nor those that it writes. */
@Timeout(180)
class OutputLargerThanHeapTest {
    private static final int HEAP_MIB = 48;
    private static final int ROWS = 300;
    private static final int NOTE_CHARACTERS = 3 << 16;
    private static final Path MODEL = Golden.dir("tiny-chat");

    @TempDir
    private static Path directory;

    private static Path data;

    /** 56 MiB of text, packed. Each row has a column that is copied to the output; the last one repeats the first. */
    @BeforeAll
    static void write() throws IOException {
        data = directory.resolve("rows.jsonl.gz");
        String note = "x".repeat(NOTE_CHARACTERS);
        try (Writer out =
                new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(data)), StandardCharsets.UTF_8)) {
            for (int i = 0; i < ROWS; i++) {
                out.write("{\"prompt\": \"Say " + i % (ROWS - 1) + "\", \"note\": \"" + note + "\"}\n");
            }
        }
    }

    private static void run(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("data=" + data);
        ProgramProcess program = ProgramProcess.start(
                directory.resolve(arguments[0] + ".log"),
                List.of("-Xmx" + HEAP_MIB + "m", "-XX:+ExitOnOutOfMemoryError", "-Djava.io.tmpdir=" + directory),
                all);
        assertThat(program.end()).as(program.output()).isZero();
    }

    /** Rows of a file, each of which has the column. */
    private static int rows(Path file) throws IOException {
        int rows = 0;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                assertThat(line.length()).isGreaterThan(NOTE_CHARACTERS);
                rows++;
            }
        }
        Files.delete(file);
        return rows;
    }

    @Test
    void curate_keepsAndDropsRows() throws Exception {
        Path output = directory.resolve("curated");
        run("curate", "output=" + output, "text=prompt");
        assertThat(rows(output.resolve("curated.jsonl"))).isEqualTo(ROWS - 1);
        assertThat(Files.readString(output.resolve("dropped.jsonl")))
                .contains("\"line\":" + ROWS, "repeats line 1")
                .hasLineCount(1);
    }

    @Test
    void generate_answersPrompts() throws Exception {
        Path output = directory.resolve("answers.jsonl");
        run("generate", "model=" + MODEL, "max_new_tokens=1", "output=" + output);
        assertThat(rows(output)).isEqualTo(ROWS);
    }

    @Test
    void elicit_writesPreferencesAndSelectedAnswers() throws Exception {
        Path output = directory.resolve("elicited");
        run(
                "elicit",
                "model=" + MODEL,
                "rule=brevity",
                "select=best_of_n",
                "num_generations=2",
                "max_new_tokens=2",
                "temperature=2",
                "output=" + output);
        assertThat(rows(output.resolve("ledger.jsonl"))).isEqualTo(ROWS);
        int groups = rows(output.resolve("ranked.jsonl"));
        assertThat(groups).isGreaterThan(ROWS / 8);
        assertThat(rows(output.resolve("preferences.jsonl"))).isEqualTo(groups);
        assertThat(rows(output.resolve("demonstrations.jsonl"))).isBetween(groups, ROWS);
    }

    @Test
    void elicit_writesDemonstrations() throws Exception {
        Path output = directory.resolve("answered");
        run("elicit", "kind=demonstrations", "teacher=" + MODEL, "max_new_tokens=2", "output=" + output);
        assertThat(rows(output.resolve("demonstrations.jsonl"))).isGreaterThan(ROWS / 8);
    }
}
