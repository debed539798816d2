package ai.preceptor.cli.report;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of one method.
 *
 * @param value in the unit of its column
 * @param half half the width of its 95 % interval over prompts; null for none
 * @param estimator that stands behind it in tables, where it is not the usual one, or {@code bound}; else empty
 */
public record Figure(double value, @Nullable Double half, String estimator) {
    /** As tables show it. */
    String text(FigureColumn column) {
        String shown = format(column.pattern(), value);
        String unsigned = column.pattern().replace("+", "");
        String interval = half == null || half == 0 ? "" : format(" ± " + unsigned, half);
        return shown + interval + marked(estimator);
    }

    /** An estimator as it stands behind a figure. */
    static String marked(String estimator) {
        return estimator.isEmpty() ? "" : " (" + estimator + ")";
    }

    Figure withoutInterval() {
        return new Figure(value, null, estimator);
    }

    private static String format(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
