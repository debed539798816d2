package ai.preceptor.teacher.served.client;

import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.Refusals;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much a server is asked at a time, how long a call may take, and how often it is made.
 *
 * @param teacherRpm most calls in any minute, null for no limit
 * @param teacherTpm most tokens, read and written, in any minute, null for no limit. A call that alone has more is sent when
 *     nothing else was in the last minute
 */
public record CallLimits(
        @Key(help = "maximum concurrent calls", defaultValue = "8", range = "[1, 1024]", effect = KeyEffect.NONE)
        int teacherConcurrency,

        @Key(help = "calls per minute", defaultText = "no limit", range = "[1, inf)", effect = KeyEffect.NONE) @Nullable
        Integer teacherRpm,

        @Key(
                help = "tokens per minute, prompt and completion",
                defaultText = "no limit",
                range = "[1, inf)",
                effect = KeyEffect.NONE)
        @Nullable
        Integer teacherTpm,

        @Key(
                help = "time limit of a call in seconds",
                defaultValue = "60",
                range = "(0, 3600]",
                effect = KeyEffect.NONE)
        double teacherTimeout,

        @Key(help = "maximum retries of a failed call", defaultValue = "6", range = "[0, 100]", effect = KeyEffect.NONE)
        int teacherRetries) {
    private static final double MILLIS = 1000;

    /** @throws ai.preceptor.data.ConfigurationException naming every value that is out of its range */
    public CallLimits {
        Refusals.of(CallLimits.class, teacherConcurrency, teacherRpm, teacherTpm, teacherTimeout, teacherRetries)
                .throwIfAny();
    }

    Duration timeout() {
        return Duration.ofMillis((long) (teacherTimeout * MILLIS));
    }
}
