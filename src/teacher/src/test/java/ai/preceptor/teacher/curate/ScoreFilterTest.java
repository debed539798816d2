package ai.preceptor.teacher.curate;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.rows.SourceRow;
import ai.preceptor.data.source.RowPlace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScoreFilterTest extends RowFilterContract {
    @Override
    protected RowFilter filter() {
        return new ScoreFilter(null, 0.5, 2.0, 0.25, 1.5);
    }

    @Override
    protected List<SourceRow> rows() {
        return List.of(
                Samples.ranked(1, 0.25, 1.0),
                Samples.ranked(2, 0.25, 0.0),
                Samples.ranked(3, 0.0, 3.0),
                Samples.ranked(4, 1.0, 0.875),
                Samples.ranked(5, -1.0, 1.0));
    }

    @Test
    void judge_ofRankedGroups() {
        assertThat(filter().judge(rows()))
                .containsExactly(
                        null,
                        new Drop("score_too_low", "score 0.25, at least 0.5"),
                        new Drop("score_too_high", "score 3.0, at most 2.0"),
                        new Drop("gap_too_low", "gap 0.125, at least 0.25"),
                        new Drop("gap_too_high", "gap 2.0, at most 1.5"));
    }

    /** In doubles 0.3 - 0.1 is less than 0.2. */
    @Test
    void judge_aGapThatIsTheLeastButForRounding_isEnough() {
        assertThat(new ScoreFilter(null, null, null, 0.2, null).judge(List.of(Samples.ranked(1, 0.1, 0.3))))
                .containsOnlyNulls();
    }

    @Test
    void judge_ofPreferences_byColumnsOrMargin() {
        SourceRow columns = Samples.row(
                1,
                SourceRow.Kind.PREFERENCES,
                Map.of("score_chosen", 8, "score_rejected", 3.5),
                List.of(),
                "p",
                "a",
                "b");
        SourceRow margin = new SourceRow(
                RowPlace.line(Path.of("rows.jsonl"), 2),
                "{}",
                SourceRow.Kind.PREFERENCES,
                Prompt.plain("p"),
                List.of(Text.plain("a"), Text.plain("b")),
                List.of(),
                4.0,
                null);
        SourceRow neither = Samples.row(3, SourceRow.Kind.PREFERENCES, Map.of(), List.of(), "p", "a", "b");
        assertThat(new ScoreFilter(null, null, null, 4.25, null).judge(List.of(columns, margin, neither)))
                .containsExactly(
                        null,
                        new Drop("gap_too_low", "gap 4.0, at least 4.25"),
                        new Drop(
                                "no_score",
                                "no finite numbers in columns score_chosen and score_rejected, and no margin, which"
                                        + " elicit writes with margins=true"));
    }

    @Test
    void judge_ofAColumn() {
        SourceRow row = Samples.row(1, SourceRow.Kind.PROMPTS, Map.of("quality", 3), List.of(), "p");
        SourceRow text = Samples.row(2, SourceRow.Kind.PROMPTS, Map.of("quality", "good"), List.of(), "p");
        assertThat(new ScoreFilter("quality", 2.0, null, null, null).judge(List.of(row, text)))
                .containsExactly(null, new Drop("no_score", "no finite number in column quality"));
    }
}
