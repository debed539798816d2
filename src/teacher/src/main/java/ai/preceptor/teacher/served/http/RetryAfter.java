package ai.preceptor.teacher.served.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The delay that a server asks for (RFC 9110, section 10.2.3: seconds, or a date), also in OpenAI's milliseconds. */
final class RetryAfter {
    private RetryAfter() {}

    /**
     * Reads it.
     *
     * @param millis header {@code retry-after-ms}, or null
     * @param header header {@code Retry-After}, or null
     * @param now for dates
     * @return null if the server asks for none, or for none that can be understood; never negative
     */
    static @Nullable Duration of(@Nullable String millis, @Nullable String header, Instant now) {
        Duration first = number(millis, 1);
        if (first != null) {
            return first;
        }
        Duration seconds = number(header, 1000);
        return seconds != null || header == null ? seconds : until(header, now);
    }

    private static @Nullable Duration number(@Nullable String text, int millis) {
        if (text == null) {
            return null;
        }
        try {
            double value = Double.parseDouble(text.strip());
            return value >= 0 && value < 1e9 ? Duration.ofMillis((long) (value * millis)) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Duration until(String date, Instant now) {
        try {
            Instant then = ZonedDateTime.parse(date.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return then.isAfter(now) ? Duration.between(now, then) : Duration.ZERO;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
