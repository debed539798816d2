package ai.preceptor.teacher.curate;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.rows.SourceRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every filter of rows owes. */
public abstract class RowFilterContract {
    /** The filter; called once a test. */
    protected abstract RowFilter filter();

    /** Rows of which it drops some and keeps some. */
    protected abstract List<SourceRow> rows();

    @Test
    void name_saysSomething() {
        assertThat(filter().name()).isNotBlank();
    }

    @Test
    void judge_givesOneVerdictPerRow() {
        List<@Nullable Drop> verdicts = filter().judge(rows());
        assertThat(verdicts).hasSameSizeAs(rows());
        assertThat(verdicts).anyMatch(Objects::isNull).anyMatch(Objects::nonNull);
        assertThat(filter().judge(List.of())).isEmpty();
    }

    @Test
    void judge_isDeterministic() {
        RowFilter filter = filter();
        List<SourceRow> rows = rows();
        assertThat(filter.judge(rows)).isEqualTo(filter.judge(rows));
    }

    @Test
    void judge_saysWhy() {
        assertThat(filter().judge(rows()).stream().filter(Objects::nonNull))
                .allSatisfy(drop -> assertThat(drop.detail()).isNotBlank());
    }

    @Test
    void judge_ofWhatStayed_dropsNothing() {
        RowFilter filter = filter();
        List<SourceRow> kept = new ArrayList<>();
        List<@Nullable Drop> verdicts = filter.judge(rows());
        for (int i = 0; i < verdicts.size(); i++) {
            if (verdicts.get(i) == null) {
                kept.add(rows().get(i));
            }
        }
        assertThat(filter.judge(kept)).allMatch(Objects::isNull);
    }
}
