package ai.preceptor.rollout.actor;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Deadline and retries of one stage.
 *
 * @param deadline longest that one request may take, above 0
 * @param retries retries after a failed attempt, 0 or more
 * @param firstDelay delay before the first retry, 0 or more; doubled for each one after it
 * @param longestDelay upper bound of the delay, {@code firstDelay} or more
 * @param maxFailuresInARow consecutive failed requests of the stage that end the run, 1 or more
 */
@RecordBuilder
public record RetryPolicy(
        Duration deadline, int retries, Duration firstDelay, Duration longestDelay, int maxFailuresInARow)
        implements RetryPolicyBuilder.With {

    /** Ten minutes a request, three retries after 0.5, 1 and 2 seconds, and 16 failures in a row. */
    public static RetryPolicy standard() {
        return new RetryPolicy(Duration.ofMinutes(10), 3, Duration.ofMillis(500), Duration.ofSeconds(30), 16);
    }

    /** One attempt, and its failure ends the run. */
    public static RetryPolicy none(Duration deadline) {
        return new RetryPolicy(deadline, 0, Duration.ZERO, Duration.ZERO, 1);
    }

    /** Consecutive requests at which an actor may throw before it is replaced. */
    int failuresOfAnActor() {
        return Math.max(2, retries);
    }

    /**
     * The delay before a retry.
     *
     * @param failures attempts that failed so far, 1 or more
     */
    public Duration delay(int failures) {
        int doublings = Math.min(failures - 1, 30);
        Duration delay = firstDelay.multipliedBy(1L << doublings);
        return delay.compareTo(longestDelay) > 0 ? longestDelay : delay;
    }

    /** What is out of range, each with its key below {@code name}. */
    public List<String> problems(String name) {
        List<String> problems = new ArrayList<>();
        if (deadline.isNegative() || deadline.isZero()) {
            problems.add(name + ".deadline is " + deadline + ", legal: above 0");
        }
        if (retries < 0) {
            problems.add(name + ".retries is " + retries + ", legal: 0 or more");
        }
        if (firstDelay.isNegative()) {
            problems.add(name + ".first_delay is " + firstDelay + ", legal: 0 or more");
        }
        if (longestDelay.compareTo(firstDelay) < 0) {
            problems.add(
                    name + ".longest_delay is " + longestDelay + ", legal: first_delay (" + firstDelay + ") or more");
        }
        if (maxFailuresInARow < 1) {
            problems.add(name + ".max_failures_in_a_row is " + maxFailuresInARow + ", legal: 1 or more");
        }
        return problems;
    }
}
