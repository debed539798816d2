package ai.preceptor.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.data.source.RowCursor;
import ai.preceptor.data.source.RowException;
import ai.preceptor.data.source.RowFiles;
import ai.preceptor.parquet.ParquetExport;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of all formats, in one file or several, as commands meet them. */
class TablesTest {
    private static final Path MODEL = Golden.dir("tiny-chat");
    private static final Path PAIRS = Golden.file("pairs.jsonl");

    @TempDir
    private Path directory;

    private CommandRun rendered(Object data) {
        return CommandRun.of(
                "render", "model=" + MODEL, "data=" + data, "output=" + directory.resolve("seen.jsonl"), "max_rows=20");
    }

    private String seen(Object data) throws IOException {
        CommandRun run = rendered(data);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return Files.readString(directory.resolve("seen.jsonl"));
    }

    @Test
    void render_parquetFoldersGlobsAndLists_seeTheSameRows() throws IOException {
        String expected = seen(PAIRS);
        Path parquet = directory.resolve("pairs.parquet");
        ParquetExport.write(PAIRS, parquet);
        assertThat(seen(parquet)).isEqualTo(expected);

        List<String> lines = Files.readAllLines(PAIRS);
        Path shards = Files.createDirectories(directory.resolve("shards/more"));
        Path first = Files.write(shards.resolveSibling("a.jsonl"), lines.subList(0, 5));
        Path second = Files.write(shards.resolve("b.jsonl"), lines.subList(5, lines.size()));
        assertThat(seen(directory.resolve("shards"))).isEqualTo(expected);
        assertThat(seen(directory + "/shards/**/*.jsonl")).isEqualTo(expected);
        assertThat(seen("[" + first + ", " + second + "]")).isEqualTo(expected);
    }

    @Test
    void config_ofSeveralFiles_isWrittenAndReadAgain() throws IOException {
        List<String> lines = Files.readAllLines(PAIRS);
        Path first = Files.write(directory.resolve("a.jsonl"), lines.subList(0, 5));
        Path second = Files.write(directory.resolve("b.jsonl"), lines.subList(5, 9));
        Path run = directory.resolve("run");
        CommandRun curated = CommandRun.of("curate", "data=[" + first + ", " + second + "]", "output=" + run);
        assertThat(curated.code()).as(curated.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.resolve("curated.jsonl"))
                .hasSameTextualContentAs(Files.write(directory.resolve("c.jsonl"), lines.subList(0, 9)));
        CommandRun again =
                CommandRun.of("curate", run.resolve("config.yaml").toString(), "output=" + directory.resolve("again"));
        assertThat(again.code()).as(again.err()).isEqualTo(ExitCode.DONE);
        assertThat(directory.resolve("again/curated.jsonl")).hasSameTextualContentAs(run.resolve("curated.jsonl"));
    }

    @Test
    void curate_parquet_isReadAndWritten() throws IOException {
        Path parquet = directory.resolve("pairs.parquet");
        ParquetExport.write(PAIRS, parquet);
        Path run = directory.resolve("run");
        CommandRun curated =
                CommandRun.of("curate", "data=" + parquet, "output=" + run, "output_format=parquet", "max_rows=12");
        assertThat(curated.code()).as(curated.err()).isEqualTo(ExitCode.DONE);
        assertThat(curated.out()).contains("parquet " + run.resolve("curated.parquet"));
        assertThat(seen(run.resolve("curated.parquet"))).isEqualTo(seen(run.resolve("curated.jsonl")));
    }

    /** Lists of messages and of scores: nested rows come back as they are in the JSON lines. */
    @Test
    void elicit_parquet_hasRankedGroupsAndPairsAsTheJsonLines() throws IOException {
        Path run = directory.resolve("run");
        CommandRun elicited = CommandRun.of(
                "elicit",
                "model=" + MODEL,
                "rule=brevity",
                "data=" + PAIRS,
                "max_rows=6",
                "num_generations=3",
                "max_new_tokens=6",
                "output_format=parquet",
                "output=" + run);
        assertThat(elicited.code()).as(elicited.err()).isEqualTo(ExitCode.DONE);
        for (String name : List.of("ranked", "preferences")) {
            Path parquet = run.resolve(name + ".parquet");
            assertThat(elicited.out()).contains("parquet " + parquet);
            List<JsonNode> expected = CommandRun.rows(run.resolve(name + ".jsonl"));
            assertThat(expected).as(name).isNotEmpty();
            assertThat(rows(parquet)).as(name).isEqualTo(expected);
        }
        JsonNode group = CommandRun.rows(run.resolve("ranked.jsonl")).get(0);
        assertThat(group.path("prompt").get(0).has("content")).as("messages").isTrue();
        assertThat(group.path("responses").size()).isGreaterThan(1);
        assertThat(group.path("scores").get(0).isNumber()).isTrue();
    }

    private static List<JsonNode> rows(Path file) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        try (RowCursor cursor = RowFiles.of(file).open()) {
            while (cursor.advance()) {
                rows.add(new ObjectMapper().readTree(cursor.text()));
            }
        } catch (RowException e) {
            throw new IOException(e);
        }
        return rows;
    }

    @Test
    void damagedParquet_endsWithAnErrorOfTheData() throws IOException {
        Path parquet = directory.resolve("pairs.parquet");
        ParquetExport.write(PAIRS, parquet);
        byte[] whole = Files.readAllBytes(parquet);
        Path cut = Files.write(directory.resolve("cut.parquet"), Arrays.copyOf(whole, whole.length / 2));
        CommandRun run = rendered(cut);
        assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains(cut + ": expected a whole Parquet file");
    }

    @Test
    void missingData_saysWhatIsNear() {
        CommandRun run = rendered(PAIRS.resolveSibling("pars.jsonl"));
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("it does not exist; nearest is pairs.jsonl");
        CommandRun glob = rendered(directory + "/x-*.parquet");
        assertThat(glob.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(glob.err()).contains("no file matches in " + directory);
    }
}
