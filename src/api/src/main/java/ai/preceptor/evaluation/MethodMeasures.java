package ai.preceptor.evaluation;

import ai.preceptor.eval.AnswerSet;
import ai.preceptor.eval.EvalReport;
import ai.preceptor.teacher.JudgeStats;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one method came to.
 *
 * @param report its measures
 * @param judging how judging its answers went; the order of two answers among it
 * @param answers that were measured
 */
public record MethodMeasures(EvalReport report, JudgeStats judging, AnswerSet answers) {
    /** The numbers by their names on the metrics page; what was not measured is null. */
    public Map<String, @Nullable Object> toRow() {
        Map<String, @Nullable Object> row = report.toRow();
        row.putAll(judging.toRow());
        return row;
    }
}
