package ai.preceptor.lm.chat;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
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

    private Strftime() {}

    private static Map.Entry<Character, DateTimeFormatter> field(char letter, String pattern) {
        return Map.entry(letter, DateTimeFormatter.ofPattern(pattern, Locale.US));
    }

    /** The clock's time in its zone; a field without a meaning stays as written, {@code %z} and {@code %Z} are empty. */
    static String format(String pattern, Clock clock) {
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
            case 'z', 'Z' -> "";
            default -> "%" + letter;
        };
    }
}
