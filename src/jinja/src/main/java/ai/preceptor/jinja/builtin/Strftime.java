package ai.preceptor.jinja.builtin;

import ai.preceptor.jinja.value.EvaluationError;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.IsoFields;
import java.util.Locale;
import java.util.Map;

/** Dates as C's {@code strftime} writes them, in the C locale. */
final class Strftime {
    private static final Map<Character, DateTimeFormatter> FIELDS = Map.ofEntries(
            field('a', "EEE"),
            field('A', "EEEE"),
            field('b', "MMM"),
            field('h', "MMM"),
            field('B', "MMMM"),
            field('c', "EEE MMM ppd HH:mm:ss yyyy"),
            field('d', "dd"),
            field('D', "MM/dd/yy"),
            field('e', "ppd"),
            field('f', "SSSSSS"),
            field('F', "yyyy-MM-dd"),
            field('H', "HH"),
            field('I', "hh"),
            field('j', "DDD"),
            field('m', "MM"),
            field('M', "mm"),
            field('p', "a"),
            field('R', "HH:mm"),
            field('S', "ss"),
            field('T', "HH:mm:ss"),
            field('k', "ppH"),
            field('l', "pph"),
            field('r', "hh:mm:ss a"),
            field('x', "MM/dd/yy"),
            field('X', "HH:mm:ss"),
            field('y', "yy"),
            field('Y', "yyyy"));

    /** Chars of a format. */
    private static final int LONGEST = 1000;

    private Strftime() {}

    private static Map.Entry<Character, DateTimeFormatter> field(char letter, String pattern) {
        return Map.entry(letter, DateTimeFormatter.ofPattern(pattern, Locale.US));
    }

    /** The clock's time in its zone; a field without a meaning stays as written, {@code %z} and {@code %Z} are empty. */
    static String format(String pattern, Clock clock) {
        if (pattern.length() > LONGEST) {
            throw new EvaluationError(
                    "a format of " + pattern.length() + " chars for a date; at most " + LONGEST + " are allowed");
        }
        ZonedDateTime now = ZonedDateTime.now(clock);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c != '%' || i + 1 == pattern.length()) {
                out.append(c);
                continue;
            }
            boolean unpadded = pattern.charAt(i + 1) == '-' && i + 2 < pattern.length();
            i += unpadded ? 2 : 1;
            String field = field(pattern.charAt(i), now);
            out.append(unpadded ? field.replaceFirst("^[0 ]+(?=.)", "") : field);
        }
        return out.toString();
    }

    private static String field(char letter, ZonedDateTime now) {
        DateTimeFormatter formatter = FIELDS.get(letter);
        if (formatter != null) {
            return now.format(formatter);
        }
        return switch (letter) {
            case '%' -> "%";
            case 'n' -> "\n";
            case 't' -> "\t";
            case 's' -> Long.toString(now.toEpochSecond());
            case 'u' -> Integer.toString(now.getDayOfWeek().getValue());
            case 'w' -> Integer.toString(now.getDayOfWeek().getValue() % 7);
            case 'U' -> week(now, now.getDayOfWeek().getValue() % 7);
            case 'W' -> week(now, now.getDayOfWeek().getValue() - 1);
            case 'V' -> padded(now.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            case 'G' -> Integer.toString(now.get(IsoFields.WEEK_BASED_YEAR));
            case 'g' -> padded(now.get(IsoFields.WEEK_BASED_YEAR) % 100);
            case 'C' -> padded(now.getYear() / 100);
            case 'z', 'Z' -> "";
            default -> "%" + letter;
        };
    }

    /** Week of the year; days before its first day of the week are in week 0. */
    private static String week(ZonedDateTime now, int daysSinceWeekBegan) {
        return padded((now.getDayOfYear() + 6 - daysSinceWeekBegan) / 7);
    }

    private static String padded(int number) {
        return String.format(Locale.ROOT, "%02d", number);
    }
}
