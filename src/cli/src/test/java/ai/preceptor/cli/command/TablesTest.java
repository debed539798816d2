package ai.preceptor.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.parquet.ParquetExport;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
