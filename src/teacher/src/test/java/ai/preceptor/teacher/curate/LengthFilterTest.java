package ai.preceptor.teacher.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.rows.SourceRow;
import ai.preceptor.teacher.similarity.Words;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LengthFilterTest extends RowFilterContract {
    @Override
    protected RowFilter filter() {
        return new LengthFilter(RowText.ALL, "words", Words::count, 2, 3);
    }

    @Override
    protected List<SourceRow> rows() {
        return Samples.prompts("one", "one two", "one two three", "one two three four");
    }

    @Test
    void judge_keepsTheBounds() {
        assertThat(filter().judge(rows()))
                .containsExactly(
                        new Drop("too_short", "1 words, at least 2"),
                        null,
                        null,
                        new Drop("too_long", "4 words, at most 3"));
    }

    @Test
    void judge_ofAnswers_wantsEach() {
        SourceRow row = Samples.row(1, SourceRow.Kind.PREFERENCES, Map.of(), List.of(), "p", "one two", "one");
        assertThat(new LengthFilter(RowText.ANSWERS, "words", Words::count, 2, null)
                        .judge(List.of(row))
                        .get(0))
                .isNotNull();
    }

    @Test
    void bounds_theWrongWayRound_areRefused() {
        assertThatThrownBy(() -> new LengthFilter(RowText.ALL, "words", Words::count, 3, 2))
                .hasMessageContaining("received 3, expected 2 or less");
    }
}
