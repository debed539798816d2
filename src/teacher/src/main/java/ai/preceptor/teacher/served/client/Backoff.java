package ai.preceptor.teacher.served.client;

import java.time.Duration;

/**
 * How long calls pause after failures.
 *
 * @param firstDelay before a call's first retry, doubled before each one after it and shortened at random by up to half
 * @param longestDelay where the doubling ends, and the longest rest that a server may ask for
 * @param breakerFailures failures in a row, of any calls, after which all calls pause for a while, 1 or more
 * @param breakerRest that while; then one call tries. When that has failed {@code teacherRetries + 1} times in a row too, the
 *     server counts as gone
 */
public record Backoff(Duration firstDelay, Duration longestDelay, int breakerFailures, Duration breakerRest) {
    /** 1, 2, 4 ... seconds and at most a minute; 10 seconds after 8 failures in a row. */
    public static final Backoff STANDARD =
            new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), 8, Duration.ofSeconds(10));

    /** @throws IllegalArgumentException if one is out of its range */
    public Backoff {
        if (firstDelay.isNegative()
                || longestDelay.compareTo(firstDelay) < 0
                || breakerFailures < 1
                || breakerRest.isNegative()) {
            throw new IllegalArgumentException("backoff: received delays " + firstDelay + " to " + longestDelay
                    + ", breaker " + breakerFailures + " failures and " + breakerRest
                    + ", expected 1 or more failures, and nothing negative");
        }
    }

    /**
     * The rest before a retry.
     *
     * @param failures attempts that failed so far, 1 or more
     * @param chance in [0, 1)
     */
    Duration delay(int failures, double chance) {
        Duration doubled = firstDelay.multipliedBy(1L << Math.min(failures - 1, 30));
        Duration bounded = doubled.compareTo(longestDelay) > 0 ? longestDelay : doubled;
        return Duration.ofNanos((long) (bounded.toNanos() * (1 - chance / 2)));
    }
}
