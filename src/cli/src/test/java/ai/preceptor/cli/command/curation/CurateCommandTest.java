package ai.preceptor.cli.command.curation;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.MetricsPage;
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

class CurateCommandTest {
    private static final Path MODEL = Golden.dir("tiny-chat");

    @TempDir
    private Path directory;

    private CommandRun curate(String rows, String... more) throws IOException {
        Path data = Files.writeString(directory.resolve("rows.jsonl"), rows);
        List<String> arguments =
                new ArrayList<>(List.of("curate", "data=" + data, "output=" + directory.resolve("run")));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private String kept() throws IOException {
        return Files.readString(directory.resolve("run/curated.jsonl"));
    }

    private List<String> reasons() throws IOException {
        return CommandRun.rows(directory.resolve("run/dropped.jsonl")).stream()
                .map(row -> row.path("line").asLong() + " " + row.path("reason").asText())
                .toList();
    }

    @Test
    void curate_keepsRowsAsTheyAre_andListsWhatItDropped() throws IOException {
        String first = "{\"z\": 0.10, \"prompt\": \"Name a bird\",  \"chosen\": \"owl\", \"rejected\": \"oak\"}\n";
        String tie = "{\"prompt\": \"Name a tree\", \"chosen\": \"oak\", \"rejected\": \"oak\"}\n";
        String last = "{\"prompt\": \"Name a fish\", \"chosen\": \"cod\", \"rejected\": \"oak\", \"margin\": 1e0}\n";
        CommandRun run = curate(first + tie + "\n" + first + last);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.out()).contains("2 of 4 rows kept, 1 chosen_equals_rejected, 1 duplicate");
        assertThat(kept()).isEqualTo(first + last);
        assertThat(reasons()).containsExactly("2 chosen_equals_rejected", "4 duplicate");
        JsonNode summary = new ObjectMapper()
                .readTree(directory.resolve("run/summary.json").toFile());
        assertThat(summary.path("rows/kept").asInt()).isEqualTo(2);
        assertThat(summary.path("rows/duplicate").asInt()).isEqualTo(1);
        MetricsPage.requireDocumented(List.of("rows", "rows/kept", "rows/duplicate", "rows/chosen_equals_rejected"));
    }

    @Test
    void curate_byTokensAndPerplexity() throws IOException {
        String rows = "{\"prompt\": \"Name a bird that sings\"}\n{\"prompt\": \"qzx\"}\n{\"prompt\": \"a\"}\n";
        CommandRun run = curate(
                rows,
                "tokenizer=" + MODEL,
                "min_tokens=2",
                "perplexity_model=" + MODEL,
                "max_perplexity=1e30",
                "min_perplexity=1");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(reasons()).containsExactly("3 too_short");
        CommandRun none = curate(rows, "perplexity_model=" + MODEL, "max_perplexity=1", "resume=true");
        assertThat(none.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(reasons()).containsExactly("1 perplexity_too_high", "2 perplexity_too_high", "3 no_perplexity");
    }

    @Test
    void curate_byAFilterOfOnesOwn() throws IOException {
        Path source = Files.writeString(directory.resolve("Even.java"), """
                import ai.preceptor.data.rows.SourceRow;
                import ai.preceptor.teacher.curate.Drop;
                import ai.preceptor.teacher.curate.RowFilter;
                import java.util.ArrayList;
                import java.util.List;

                public class Even implements RowFilter {
                    @Override
                    public String name() {
                        return "even";
                    }

                    @Override
                    public List<Drop> judge(List<SourceRow> rows) {
                        List<Drop> verdicts = new ArrayList<>();
                        rows.forEach(row -> verdicts.add(row.line() % 2 == 0 ? null : new Drop("odd", "an odd line")));
                        return verdicts;
                    }
                }
                """);
        CommandRun run = curate("{\"prompt\": \"a\"}\n{\"prompt\": \"b\"}\n", "filter=" + source);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(reasons()).containsExactly("1 odd");
    }

    @Test
    void curate_withoutARowLeft_saysSo() throws IOException {
        CommandRun run = curate("{\"prompt\": \"a\"}\n", "min_words=2");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains("no row is left: 0 of 1 rows kept, 1 too_short");
        assertThat(reasons()).containsExactly("1 too_short");
    }

    @Test
    void curate_refusesWhatCannotBe() throws IOException {
        CommandRun run = curate(
                "{\"prompt\": \"a\"}\n",
                "min_words=3",
                "max_words=2",
                "max_perplexity=5",
                "min_tokens=2",
                "score_column=quality",
                "languages=[klingon]",
                "jaccard_threshold=2");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("max_words: expected 3 or more, the minimum, found 2")
                .contains(
                        "score_column: expected nothing without min_score, max_score, min_gap or max_gap, found quality")
                .contains("perplexity_model: expected one with min_perplexity or max_perplexity, found none")
                .contains("tokenizer: expected one with min_tokens or max_tokens, found none")
                .contains("languages: expected und or some of ")
                .contains("jaccard_threshold: expected a number in (0, 1], found 2");
    }

    /** A copy of the rows before would hold rows that were dropped since. */
    @Test
    void curate_resumedWithoutParquet_leavesNoOldCopy() throws IOException {
        String rows = "{\"prompt\": \"one\"}\n{\"prompt\": \"two words\"}\n";
        Path copy = directory.resolve("run/curated.parquet");
        assertThat(curate(rows, "output_format=parquet").code()).isEqualTo(ExitCode.DONE);
        assertThat(copy).exists();
        assertThat(curate(rows, "resume=true", "min_words=2").code()).isEqualTo(ExitCode.DONE);
        assertThat(copy).doesNotExist();
    }

    @Test
    void curate_byTheProbabilityOfAPreference_keepsWhatIsSure() throws IOException {
        String row = "{\"prompt\": \"p\", \"chosen\": \"%s\", \"rejected\": \"c\", \"chosen_probability\": %s}\n";
        CommandRun run = curate(
                row.formatted("a", 0.9) + row.formatted("b", 0.6), "score_column=chosen_probability", "min_score=0.8");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(reasons()).containsExactly("2 score_too_low");
    }
}
