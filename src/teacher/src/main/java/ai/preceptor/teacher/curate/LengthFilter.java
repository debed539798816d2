package ai.preceptor.teacher.curate;

import ai.preceptor.data.rows.SourceRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Drops rows with a text that is too short or too long.
 *
 * @param text which texts; every one must be within the bounds
 * @param unit what is counted, for the reason: {@code words}
 * @param length of a text
 * @param min least length, or null for any
 * @param max greatest length, or null for any
 */
public record LengthFilter(
        RowText text,
        String unit,
        ToIntFunction<String> length,
        @Nullable Integer min,
        @Nullable Integer max) implements RowFilter {
    /** @throws IllegalArgumentException if the bounds are the wrong way round */
    public LengthFilter {
        if (min != null && max != null && min > max) {
            throw new IllegalArgumentException("min: received " + min + ", expected " + max + " or less, the max");
        }
    }

    @Override
    public String name() {
        return "length in " + unit;
    }

    @Override
    public List<@Nullable Drop> judge(List<SourceRow> rows) {
        List<@Nullable Drop> verdicts = new ArrayList<>();
        rows.forEach(row -> verdicts.add(judge(row)));
        return verdicts;
    }

    private @Nullable Drop judge(SourceRow row) {
        for (String one : text.texts(row)) {
            int found = length.applyAsInt(one);
            if (min != null && found < min) {
                return new Drop("too_short", found + " " + unit + ", at least " + min);
            }
            if (max != null && found > max) {
                return new Drop("too_long", found + " " + unit + ", at most " + max);
            }
        }
        return null;
    }
}
