package ai.preceptor.teacher.served.client;

import java.time.Duration;

/**
 * How long and how often a server is asked.
 *
 * @param timeout longest that a call may take, above 0
 * @param retries further attempts of a call after a failed one, 0 or more
 * @param firstDelay rest before the first of them, doubled before each one after it and shortened at random by up to half
 * @param longestDelay where the doubling ends, and the longest rest that a server may ask for
 * @param breakerFailures failures in a row, of any calls, after which all calls pause for a while, 1 or more
 * @param breakerRest that while; then one call tries. When that has failed {@code retries + 1} times in a row too, the
 *     server counts as gone
 */
public record Persistence(
        Duration timeout,
        int retries,
        Duration firstDelay,
        Duration longestDelay,
        int breakerFailures,
        Duration breakerRest) {

    /** @throws IllegalArgumentException if one is out of its range */
    public Persistence {
        boolean legal = !timeout.isNegative()
                && !timeout.isZero()
                && retries >= 0
                && !firstDelay.isNegative()
                && longestDelay.compareTo(firstDelay) >= 0
                && breakerFailures >= 1
                && !breakerRest.isNegative();
        if (!legal) {
            throw new IllegalArgumentException("persistence: received timeout " + timeout + ", retries " + retries
                    + ", delays " + firstDelay + " to " + longestDelay + ", breaker " + breakerFailures
                    + " failures and "
                    + breakerRest + ", expected a timeout above 0, 1 or more failures, and nothing negative");
        }
    }

    /** One minute a call, six further attempts after 1, 2, 4 ... seconds, a rest of 10 seconds after 8 failures in a row. */
    public static Persistence standard() {
        return new Persistence(
                Duration.ofMinutes(1), 6, Duration.ofSeconds(1), Duration.ofMinutes(1), 8, Duration.ofSeconds(10));
    }

    /** The same with another timeout and number of retries. */
    public Persistence with(Duration otherTimeout, int otherRetries) {
        return new Persistence(otherTimeout, otherRetries, firstDelay, longestDelay, breakerFailures, breakerRest);
    }

    /**
     * The rest before a further attempt.
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
