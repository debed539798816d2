package ai.preceptor.teacher.curate;

import ai.preceptor.data.rows.SourceRow;
import ai.preceptor.data.setting.Range;
import ai.preceptor.teacher.similarity.RougeL;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Drops rows whose ROUGE-L with an earlier row that stays is the threshold or more. Every pair is compared, so the time grows
 * with the square of the rows; {@link MinHashFilter} is for many.
 *
 * @param text what is compared
 * @param threshold in (0, 1]; 0.7 in Self-Instruct
 */
public record RougeFilter(RowText text, double threshold) implements RowFilter {
    /** @throws IllegalArgumentException if the threshold is out of its range */
    public RougeFilter {
        Range.require("threshold", threshold, "(0, 1]");
    }

    @Override
    public String name() {
        return "ROUGE-L";
    }

    @Override
    public List<@Nullable Drop> judge(List<SourceRow> rows) {
        List<RougeL> kept = new ArrayList<>();
        List<Long> lines = new ArrayList<>();
        List<@Nullable Drop> verdicts = new ArrayList<>();
        for (SourceRow row : rows) {
            RougeL words = RougeL.of(text.joined(row));
            Drop drop = similar(words, kept, lines);
            verdicts.add(drop);
            if (drop == null) {
                kept.add(words);
                lines.add(row.line());
            }
        }
        return verdicts;
    }

    private @Nullable Drop similar(RougeL words, List<RougeL> kept, List<Long> lines) {
        for (int i = 0; i < kept.size(); i++) {
            if (kept.get(i).reaches(threshold, words)) {
                return new Drop(
                        "too_similar",
                        String.format(
                                Locale.ROOT,
                                "ROUGE-L %.3f with line %d",
                                kept.get(i).fMeasure(words),
                                lines.get(i)));
            }
        }
        return null;
    }
}
