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
        PlaceNumbers numbers = new PlaceNumbers();
        List<Long> places = new ArrayList<>();
        List<@Nullable Drop> verdicts = new ArrayList<>();
        for (SourceRow row : rows) {
            RougeL words = RougeL.of(text.joined(row));
            int earlier = similar(words, kept);
            if (earlier < 0) {
                kept.add(words);
                places.add(numbers.of(row));
                verdicts.add(null);
                continue;
            }
            double measure = kept.get(earlier).fMeasure(words);
            String place = numbers.seenFrom(row, places.get(earlier));
            verdicts.add(new Drop("too_similar", String.format(Locale.ROOT, "ROUGE-L %.3f with %s", measure, place)));
        }
        return verdicts;
    }

    /** The place in the list of the first text that is similar, or -1. */
    private int similar(RougeL words, List<RougeL> kept) {
        for (int i = 0; i < kept.size(); i++) {
            if (kept.get(i).reaches(threshold, words)) {
                return i;
            }
        }
        return -1;
    }
}
