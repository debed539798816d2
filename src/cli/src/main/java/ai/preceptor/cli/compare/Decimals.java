package ai.preceptor.cli.compare;

import java.util.Locale;
import java.util.regex.Pattern;

/** Numbers as tables show them. */
final class Decimals {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

    private Decimals() {}

    /** The pattern for numbers of that size. */
    static String pattern(double value) {
        double size = Math.abs(value);
        if (size == 0 || (size >= 0.01 && size < 1000)) {
            return "%.3f";
        }
        return size >= 1000 && size < 1e6 ? "%.0f" : "%.2e";
    }

    /** A setting: {@code 7.0E-4} as {@code 7e-4}, and {@code 2.0} as {@code 2}; other texts as they are. */
    static String setting(String text) {
        if (!NUMBER.matcher(text).matches() || text.length() > 17) {
            return text;
        }
        double value = Double.parseDouble(text);
        if (value == Math.rint(value) && Math.abs(value) < 1e7) {
            return Long.toString((long) value);
        }
        return Math.abs(value) >= 0.001
                ? Double.toString(value)
                : String.format(Locale.ROOT, "%s", value).replace(".0E", "e").replace("E", "e");
    }
}
