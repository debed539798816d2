package ai.preceptor.teacher.curate;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.rows.SourceRow;
import ai.preceptor.data.source.RowPlace;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RougeFilterTest extends RowFilterContract {
    @Override
    protected RowFilter filter() {
        return new RougeFilter(RowText.ALL, 0.7);
    }

    @Override
    protected List<SourceRow> rows() {
        return Samples.prompts(
                "Write a poem about the sea",
                "Write a song about the sea",
                "Name three birds",
                "Write a song on the sea");
    }

    @Test
    void judge_rowsOfOtherFiles_namesTheFile() {
        List<SourceRow> rows = List.of(
                Samples.prompt(RowPlace.row(Path.of("a.parquet"), 7), "Write a poem about the sea"),
                Samples.prompt(RowPlace.row(Path.of("a.parquet"), 9), "Write a poem about the sea"),
                Samples.prompt(RowPlace.row(Path.of("b.parquet"), 7), "Write a poem about the sea"));
        assertThat(filter().judge(rows))
                .containsExactly(
                        null,
                        new Drop("too_similar", "ROUGE-L 1.000 with row 7"),
                        new Drop("too_similar", "ROUGE-L 1.000 with a.parquet, row 7"));
    }

    @Test
    void judge_comparesWithThoseThatStay() {
        // 5 of 6 words in order: 0.833; the last shares 4 of 6 with the first, 0.667, and is never held against the
        // second
        assertThat(filter().judge(rows()))
                .containsExactly(null, new Drop("too_similar", "ROUGE-L 0.833 with line 1"), null, null);
    }
}
