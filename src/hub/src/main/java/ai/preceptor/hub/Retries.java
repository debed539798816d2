package ai.preceptor.hub;

import java.time.Duration;

/**
 * How often a request that failed for a passing reason is made again. The pause doubles each time, up to a minute; what the
 * server asks for in {@code Retry-After} counts instead, up to the same limit.
 *
 * @param attempts of one request, at least 1; a download begins to count anew with every byte that arrives
 * @param first pause
 * @param silence after which a connection that sends nothing is given up
 */
public record Retries(int attempts, Duration first, Duration silence) {
    /** Of a user's program. */
    public static final Retries USUAL = new Retries(5, Duration.ofSeconds(1), Duration.ofSeconds(30));

    private static final Duration LONGEST = Duration.ofMinutes(1);

    public Retries {
        if (attempts < 1 || first.isNegative() || silence.isNegative() || silence.isZero()) {
            throw new IllegalArgumentException("expected attempts >= 1, first >= 0 and silence > 0, found " + attempts
                    + ", " + first + " and " + silence);
        }
    }

    /** Waits before attempt {@code number}, which is 2 or more. */
    void pause(int number, Duration asked) {
        Duration doubled = first.multipliedBy(1L << Math.min(number - 2, 10));
        Duration wanted = asked.isZero() ? doubled : asked;
        try {
            Thread.sleep((wanted.compareTo(LONGEST) < 0 ? wanted : LONGEST).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HubException("interrupted while waiting for the Hub", e);
        }
    }
}
