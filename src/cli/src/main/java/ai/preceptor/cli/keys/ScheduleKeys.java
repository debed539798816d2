package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Key;
import ai.preceptor.train.schedule.ScheduleShape;
import org.jspecify.annotations.Nullable;

/** The fine print of {@code lr_scheduler_type}; what is left out is as in transformers. */
public record ScheduleKeys(
        @Key(help = "cosine_with_min_lr: lowest rate", range = "[0, inf)") @Nullable
        Double minLr,

        @Key(help = "cosine_with_min_lr: the same as a share of learning_rate", range = "[0, 1]") @Nullable
        Double minLrRate,

        @Key(help = "polynomial: last rate (1e-7)", range = "[0, inf)") @Nullable
        Double lrEnd,

        @Key(help = "polynomial: exponent (1)", range = "(0, inf)") @Nullable
        Double power,

        @Key(help = "cosines: waves (0.5; with restarts 1)", range = "(0, inf)") @Nullable
        Double numCycles,

        @Key(help = "inverse_sqrt: steps until the rate falls visibly", range = "[1, inf)") @Nullable
        Integer timescale) {

    /** As the schedule takes it. */
    ScheduleShape shape() {
        return new ScheduleShape(minLr, minLrRate, lrEnd, power, numCycles, timescale);
    }
}
