package ai.preceptor.teacher.curate;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.rows.SourceRow;
import ai.preceptor.data.source.RowPlace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RepeatFilterTest extends RowFilterContract {
    @Override
    protected RowFilter filter() {
        return new RepeatFilter(RowText.ALL);
    }

    @Override
    protected List<SourceRow> rows() {
        return Samples.prompts("a", "b", "a", "A");
    }

    @Test
    void judge_namesTheFirst() {
        assertThat(filter().judge(rows())).containsExactly(null, null, new Drop("duplicate", "repeats line 1"), null);
    }

    @Test
    void judge_looksAtItsText() {
        SourceRow one = Samples.row(1, SourceRow.Kind.DEMONSTRATIONS, Map.of(), List.of(), "p", "a");
        SourceRow two = Samples.row(2, SourceRow.Kind.DEMONSTRATIONS, Map.of(), List.of(), "p", "b");
        assertThat(new RepeatFilter(RowText.ALL).judge(List.of(one, two))).containsOnlyNulls();
        assertThat(new RepeatFilter(RowText.PROMPT).judge(List.of(one, two)).get(1))
                .isNotNull();
    }

    /** Rows of bare messages have no prompt: they are no repeats of each other. */
    @Test
    void judge_rowsWithoutSuchText_stay() {
        assertThat(new RepeatFilter(RowText.ANSWERS).judge(Samples.prompts("a", "b")))
                .containsOnlyNulls();
    }

    /** Where a prompt ends and its answer begins counts. */
    @Test
    void judge_partsThatJoinToOneText_differ() {
        SourceRow one = Samples.row(1, SourceRow.Kind.DEMONSTRATIONS, Map.of(), List.of(), "p\nq", "a");
        SourceRow two = Samples.row(2, SourceRow.Kind.DEMONSTRATIONS, Map.of(), List.of(), "p", "q\na");
        assertThat(new RepeatFilter(RowText.ALL).judge(List.of(one, two))).containsOnlyNulls();
    }

    /** An answer that only calls a tool has no words. */
    @Test
    void judge_otherToolCalls_areNoRepeats() {
        List<SourceRow> rows = List.of(call(1, "Paris"), call(2, "Rome"), call(3, "Paris"));
        assertThat(filter().judge(rows)).containsExactly(null, null, new Drop("duplicate", "repeats line 1"));
    }

    private static SourceRow call(long line, String city) {
        Message called = new Message(
                "assistant", "", Map.of("tool_calls", List.of(Map.of("name", "weather", "arguments", city))));
        return new SourceRow(
                RowPlace.line(Path.of("rows.jsonl"), line),
                "{}",
                SourceRow.Kind.DEMONSTRATIONS,
                Prompt.user("Which weather?"),
                List.of(Text.chat(called)),
                List.of(),
                null,
                null);
    }
}
