package ai.preceptor.teacher.elicit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.rows.ReadReport;
import ai.preceptor.testkit.MetricsPage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ElicitationReportTest {
    private final ElicitationReport report = new ElicitationReport(
            Map.of(GroupOutcome.KEPT, 2, GroupOutcome.TIE, 1),
            Map.of(AnswerOutcome.COMPARED, 6, AnswerOutcome.UNSCORED, 3),
            4,
            1,
            2,
            Map.of("refused", 1, "timed out", 2));

    @Test
    void summary_saysWhatHappenedAndNothingElse() {
        assertThat(report.summary())
                .isEqualTo("4 preferences of 3 prompts, 2 kept, 1 tie; 9 answers, 6 compared, 3 unscored, 1 unfinished;"
                        + " no score mostly because: timed out");
    }

    @Test
    void account_isThatOfTheDroppedPrompts() {
        assertThat(report.account()).isEqualTo(new ReadReport(3, 2, Map.of("tie", 1), List.of()));
    }

    @Test
    void toRow_namesWhatIsOnTheMetricsPage() {
        assertThat(report.toRow())
                .containsEntry("prompts", 3)
                .containsEntry("prompts/below_min_gap", 0)
                .containsEntry("answers/unscored", 3)
                .containsEntry("preferences", 4);
        MetricsPage.requireDocumented(report.toRow().keySet());
    }
}
