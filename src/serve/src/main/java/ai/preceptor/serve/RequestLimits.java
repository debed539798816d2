package ai.preceptor.serve;

import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.Refusals;
import java.time.Duration;

/**
 * What requests may take.
 *
 * @param timeout from when a request's body is whole; a body has as long to come, but at most 30 s
 * @param defaultMaxTokens bounded by the context too
 */
public record RequestLimits(
        @Key(help = "maximum waiting answers; more are refused with 429", defaultValue = "256", range = "[0, 65536]")
        int maxQueue,

        @Key(help = "time limit of a request in seconds, including waiting", defaultValue = "600", range = "(0, 86400]")
        double timeout,

        @Key(
                help = "grace period in seconds for running requests at shutdown",
                defaultValue = "10",
                range = "[0, 3600]")
        double shutdownGrace,

        @Key(help = "maximum bytes of a request", defaultValue = "4194304", range = "[1024, 1073741824]")
        int maxBodyBytes,

        @Key(
                help = "maximum tokens of a chat answer if the request sets no limit",
                defaultValue = "1024",
                range = "[1, inf)")
        int defaultMaxTokens) {
    private static final double MILLIS = 1000;

    /** @throws ai.preceptor.data.ConfigurationException naming every value that is out of its range */
    public RequestLimits {
        Refusals.of(RequestLimits.class, maxQueue, timeout, shutdownGrace, maxBodyBytes, defaultMaxTokens)
                .throwIfAny();
    }

    Duration timeLimit() {
        return Duration.ofMillis((long) Math.ceil(timeout * MILLIS));
    }

    Duration grace() {
        return Duration.ofMillis((long) (shutdownGrace * MILLIS));
    }
}
