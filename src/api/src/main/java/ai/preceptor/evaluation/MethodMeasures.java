package ai.preceptor.evaluation;

import ai.preceptor.eval.AnswerSet;
import ai.preceptor.eval.EvalReport;
import ai.preceptor.teacher.PositionBias;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one method came to.
 *
 * @param report its measures
 * @param bias what the order of two answers did to the judge's verdicts on it
 * @param answers that were measured
 */
public record MethodMeasures(EvalReport report, PositionBias bias, AnswerSet answers) {
    /** The numbers by their names on the metrics page; what was not measured is null. */
    public Map<String, @Nullable Object> toRow() {
        Map<String, @Nullable Object> row = report.toRow();
        row.putAll(bias.toRow());
        return row;
    }
}
