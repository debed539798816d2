package ai.preceptor.teacher.curate;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.rows.SourceRow;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MinHashFilterTest extends RowFilterContract {
    @Override
    protected RowFilter filter() {
        return new MinHashFilter(RowText.ALL, 0.9, 128);
    }

    /** Of 60 words; the second has one other, Jaccard 59 / 61 = 0.967, the third 30 others, 30 / 90. */
    @Override
    protected List<SourceRow> rows() {
        return Samples.prompts(words(0), words(1), words(30), "...", "...");
    }

    private static String words(int changed) {
        return IntStream.range(0, 60)
                .mapToObj(i -> i < changed ? "other" + i : "word" + i)
                .collect(Collectors.joining(" "));
    }

    @Test
    void judge_findsNearDuplicates() {
        List<Drop> verdicts = filter().judge(rows());
        assertThat(verdicts.get(1).reason()).isEqualTo("near_duplicate");
        assertThat(verdicts.get(1).detail()).endsWith("with line 1");
        assertThat(verdicts.get(2)).isNull();
    }

    @Test
    void judge_withoutWords_staysUntouched() {
        assertThat(filter().judge(rows()).subList(3, 5)).containsOnlyNulls();
    }
}
