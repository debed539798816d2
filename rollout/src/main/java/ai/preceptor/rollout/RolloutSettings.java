package ai.preceptor.rollout;

import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;

/**
 * How answers are sampled and scored beside learning. Values are checked by who joins them with all others: the command
 * line, or {@code PolicyOptions}.
 *
 * @param maxStaleness publications that an answer may lie behind, 0 or more; above 0 sampling runs ahead of learning
 * @param scorerInstances scorers side by side, 1 or more; above 1 the scorer must stand several threads
 * @param onStale whether answers that would grow too old are waited for, or dropped and sampled again
 * @param generators models that sample beside learning, each with weights and a thread of its own, on the student's
 *     device; 0 for the student itself, alternating with training, or for none where other processes sample
 * @param scorerTimeout seconds that scoring the answers to a prompt may take, above 0
 * @param heartbeatTimeout seconds that an actor may work without making a step, or a worker send no heartbeat, above 0;
 *     longer than the longest step, such as the prefill of the longest prompt
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record RolloutSettings(
        @Key(help = "maximum age of an answer, in weight publications", defaultValue = "0", range = "[0, 1024]")
        int maxStaleness,

        @Key(
                help = "parallel scorers; use 1 for a model on the student's device",
                defaultValue = "1",
                range = "[1, 256]",
                effect = KeyEffect.EXECUTION)
        int scorerInstances,

        @Key(
                help = "answers that would exceed max_staleness: wait (reproducible to the last token), or drop "
                        + "them and sample again (never waits)",
                defaultValue = "wait")
        OnStale onStale,

        @Key(
                help = "copies of the student that sample in parallel with training; 0: the student itself "
                        + "samples, alternating with training; with cluster, 0 means none",
                defaultValue = "0",
                range = "[0, 64]",
                effect = KeyEffect.EXECUTION)
        int generators,

        @Key(
                help = "time limit for scoring the answers to a prompt, in seconds",
                defaultValue = "600",
                range = "(0, 86400]",
                effect = KeyEffect.EXECUTION)
        double scorerTimeout,

        @Key(
                help = "seconds without a generation or scoring step, or a worker's heartbeat, after which an actor "
                        + "is considered lost; must exceed the longest prompt's prefill",
                defaultValue = "120",
                range = "(0, 86400]",
                effect = KeyEffect.EXECUTION)
        double heartbeatTimeout) {

    /** Everything at its default. */
    public static RolloutSettings defaults() {
        return new DefaultSettings<>(RolloutSettings.class).make();
    }

    /** Starts from the defaults. */
    public static RolloutSettingsBuilder builder() {
        return RolloutSettingsBuilder.builder(defaults());
    }

    /** Longest time that scoring the answers to a prompt may take. */
    public Duration scoringDeadline() {
        return seconds(scorerTimeout);
    }

    /** Longest time that an actor or a worker may be silent. */
    public Duration silence() {
        return seconds(heartbeatTimeout);
    }

    private static Duration seconds(double value) {
        return Duration.ofMillis(Math.max(1, Math.round(value * 1000)));
    }
}
