package ai.preceptor.track;

import java.time.Duration;

/**
 * How long a tracker's thread waits.
 *
 * @param interval least time between two deliveries
 * @param firstPause after a failure; doubled after each that follows
 * @param longestPause the longest of these
 * @param patience after the end of the run, for what is not delivered yet
 */
public record TrackingTimes(Duration interval, Duration firstPause, Duration longestPause, Duration patience) {
    /** The usual ones. */
    public static final TrackingTimes USUAL = new TrackingTimes(
            Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofSeconds(10));

    /** The pause after so many failures in a row, 1 or more. */
    Duration pause(int failures) {
        Duration pause = firstPause;
        for (int i = 1; i < failures && pause.compareTo(longestPause) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(longestPause) < 0 ? pause : longestPause;
    }
}
