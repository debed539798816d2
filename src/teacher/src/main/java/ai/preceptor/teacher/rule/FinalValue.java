package ai.preceptor.teacher.rule;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The value that an answer ends in: a number, or a choice A to E. It is looked for in the last {@code \boxed{...}}, else
 * after the last {@code ####}, else in the whole text.
 *
 * <p>A number is the last one there, such as {@code -1,234.50}, {@code 3/4}, <code>\frac{3}{4}</code>, {@code $18}, {@code
 * 1e3} or {@code 12%}. Numbers are compared exactly, as fractions. 12% is 0.12, and also 12: data sets write either. A choice
 * is the last capital letter A to E that stands alone, behind "answer is" or "answer:" if there is such a place; an article
 * is none.
 *
 * @param choice A to E; null for a number
 * @param numerator of the number; 0 for a choice
 * @param denominator not 0
 * @param percent whether a percent sign stood behind the number
 */
record FinalValue(@Nullable String choice, BigDecimal numerator, BigDecimal denominator, boolean percent) {
    private static final String DECIMAL =
            "(?:\\d{1,3}(?:,\\d{3})+(?!\\d)|\\d+)(?:\\.\\d+)?(?:[eE][+-]?\\d{1,3}(?![\\p{L}\\d]))?|\\.\\d+";

    /** A sign behind a digit, a letter or a bracket is an operator. */
    private static final String SIGN = "(?:(?<![\\p{L}\\d)])-\\s?)?";

    private static final Pattern NUMBER = Pattern.compile("(?<![\\p{L}\\d.])(?<sign>" + SIGN + ")\\$?(?:"
            + "\\\\[dt]?frac\\{(?<over>" + SIGN + "(?:" + DECIMAL + "))\\}\\{(?<under>" + DECIMAL + ")\\}"
            + "|(?<first>" + DECIMAL + ")(?:\\s?/\\s?(?<second>" + DECIMAL + "))?"
            + ")(?<percent>\\s?\\\\?%)?");

    private static final Pattern CHOICE_ALONE = Pattern.compile("\\s*\\(?([A-Ea-e])[).:]*\\s*");
    private static final Pattern CHOICE =
            Pattern.compile("(?<![\\p{L}\\p{N}'’])([B-E]|A(?!\\s+\\p{Ll}))(?![\\p{L}\\p{N}'’])");
    private static final Pattern ANNOUNCED = Pattern.compile("(?i)answer\\s*(?:is\\s*:?|:)");
    private static final Pattern MARKUP = Pattern.compile("\\\\(?:text|mathrm|mathbf|textbf)\\{([^{}]*)\\}");
    private static final Pattern SPACING = Pattern.compile("\\\\[,!;: ]|\\{,\\}(?=\\d)");
    private static final String BOXED = "\\boxed{";
    private static final String MARK = "####";

    /** More digits are no number that anybody compares. */
    private static final int LONGEST = 400;

    /** That of a reference: a choice if it is nothing else, otherwise a number. */
    static Optional<FinalValue> reference(String text) {
        Matcher choice = CHOICE_ALONE.matcher(plain(place(text)));
        return choice.matches() ? Optional.of(choice(choice.group(1))) : number(text);
    }

    /** That of an answer, of the same kind as this one. */
    Optional<FinalValue> sought(String answer) {
        return choice == null ? number(answer) : choiceIn(answer);
    }

    /** Whether they are equal. */
    boolean isSame(FinalValue other) {
        if (choice != null || other.choice != null) {
            return choice != null && choice.equals(other.choice);
        }
        return equal(this, other, BigDecimal.ONE)
                || (percent && !other.percent && equal(this, other, BigDecimal.valueOf(100)))
                || (other.percent && !percent && equal(other, this, BigDecimal.valueOf(100)));
    }

    /** Whether {@code a / divisor = b}. */
    private static boolean equal(FinalValue a, FinalValue b, BigDecimal divisor) {
        BigDecimal left = a.numerator.multiply(b.denominator);
        BigDecimal right = b.numerator.multiply(a.denominator).multiply(divisor);
        return left.compareTo(right) == 0;
    }

    private static FinalValue choice(String letter) {
        return new FinalValue(letter.toUpperCase(Locale.ROOT), BigDecimal.ZERO, BigDecimal.ONE, false);
    }

    private static Optional<FinalValue> choiceIn(String text) {
        String place = plain(place(text));
        Matcher alone = CHOICE_ALONE.matcher(place);
        if (alone.matches()) {
            return Optional.of(choice(alone.group(1)));
        }
        int from = 0;
        Matcher announced = ANNOUNCED.matcher(place);
        while (announced.find()) {
            from = announced.end();
        }
        Matcher choice = CHOICE.matcher(place);
        String last = null;
        for (int at = from; choice.find(at); at = choice.end()) {
            last = choice.group(1);
            if (from > 0) {
                break; // the first after the announcement
            }
        }
        return last == null ? Optional.empty() : Optional.of(choice(last));
    }

    private static Optional<FinalValue> number(String text) {
        Matcher number = NUMBER.matcher(plain(place(text)));
        Optional<FinalValue> last = Optional.empty();
        while (number.find()) {
            last = parsed(number);
        }
        return last;
    }

    private static Optional<FinalValue> parsed(Matcher number) {
        String over = number.group("over") == null ? number.group("first") : number.group("over");
        String under = number.group("under") == null ? number.group("second") : number.group("under");
        if (over.length() > LONGEST || (under != null && under.length() > LONGEST)) {
            return Optional.empty();
        }
        BigDecimal numerator = decimal(over);
        BigDecimal denominator = under == null ? BigDecimal.ONE : decimal(under);
        if (denominator.signum() == 0) {
            return Optional.empty();
        }
        boolean negative = number.group("sign").startsWith("-");
        return Optional.of(new FinalValue(
                null, negative ? numerator.negate() : numerator, denominator, number.group("percent") != null));
    }

    private static BigDecimal decimal(String written) {
        return new BigDecimal(written.replace(",", "").replace(" ", ""));
    }

    /** Where the value stands. */
    static String place(String text) {
        int box = text.lastIndexOf(BOXED);
        if (box >= 0) {
            int from = box + BOXED.length();
            return text.substring(from, closing(text, from));
        }
        int mark = text.lastIndexOf(MARK);
        return mark >= 0 ? text.substring(mark + MARK.length()) : text;
    }

    /** The place of the brace that closes what begins at {@code from}; the end if there is none. */
    private static int closing(String text, int from) {
        int depth = 1;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return text.length();
    }

    /** Without LaTeX's markup of text and spacing, and with one kind of minus. */
    private static String plain(String text) {
        String spaced = SPACING.matcher(text).replaceAll("");
        return MARKUP.matcher(spaced).replaceAll("$1").replace("\\$", "$").replace('\u2212', '-');
    }
}
