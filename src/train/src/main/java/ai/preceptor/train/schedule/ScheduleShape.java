package ai.preceptor.train.schedule;

import ai.preceptor.data.setting.Key;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a schedule: transformers' {@code lr_scheduler_kwargs}. A null component means "as transformers
 * does when the key is absent"; one that its scheduler does not read is refused.
 *
 * @param minLr lowest rate of {@code cosine_with_min_lr}, absolute, {@code >= 0}
 * @param minLrRate the same as a share of the peak, in [0, 1]; not together with {@code minLr}
 * @param lrEnd last rate of {@code polynomial}, {@code >= 0} and below the peak; 1e-7 when null
 * @param power exponent of {@code polynomial}, {@code > 0}; 1 when null
 * @param numCycles waves of the cosines, {@code > 0}; 0.5, or 1 for {@code cosine_with_restarts}, when null
 * @param timescale steps of {@code inverse_sqrt} until the rate falls visibly, {@code >= 1}
 */
public record ScheduleShape(
        @Key(help = "cosine_with_min_lr: minimum learning rate", range = "[0, inf)") @Nullable
        Double minLr,

        @Key(help = "cosine_with_min_lr: minimum as a fraction of learning_rate", range = "[0, 1]") @Nullable
        Double minLrRate,

        @Key(help = "polynomial: final learning rate", defaultText = "1e-7", range = "[0, inf)") @Nullable
        Double lrEnd,

        @Key(help = "polynomial: exponent", defaultText = "1", range = "(0, inf)") @Nullable
        Double power,

        @Key(help = "cosines: number of waves", defaultText = "0.5, with restarts 1", range = "(0, inf)") @Nullable
        Double numCycles,

        @Key(
                help = "inverse_sqrt: time scale of the decay, in steps",
                defaultText = "the steps of warm-up, or 10000",
                range = "[1, inf)")
        @Nullable
        Integer timescale) {

    /** Everything as transformers does by default. */
    public static ScheduleShape defaults() {
        return new ScheduleShape(null, null, null, null, null, null);
    }

    /** A floor for {@code cosine_with_min_lr}, as a share of the peak rate in [0, 1]. */
    public static ScheduleShape minLrRate(double share) {
        return new ScheduleShape(null, share, null, null, null, null);
    }

    double numCycles(double otherwise) {
        return numCycles == null ? otherwise : numCycles;
    }

    double lastRate() {
        return lrEnd == null ? 1e-7 : lrEnd;
    }

    double exponent() {
        return power == null ? 1 : power;
    }

    int timescale(int warmupSteps) {
        if (timescale != null) {
            return timescale;
        }
        return warmupSteps > 0 ? warmupSteps : 10_000;
    }

    double minRate(double peak) {
        if (minLrRate != null) {
            return minLrRate;
        }
        return minLr == null ? 0 : minLr / peak;
    }

    /** In the form that runs have always recorded, so that older ones can be resumed. */
    public String identity() {
        return "ScheduleShape[minLr=" + minLr + ", minLrRate=" + minLrRate + ", lrEndOrNull=" + lrEnd + ", powerOrNull="
                + power + ", cycles=" + numCycles + ", timescaleOrNull=" + timescale + "]";
    }

    /** What is wrong with these values for {@code type} and {@code peak}; empty when nothing is. */
    List<String> problems(LrSchedulerType type, double peak) {
        List<String> problems = new ArrayList<>();
        if (type == LrSchedulerType.COSINE_WITH_MIN_LR && (minLr == null) == (minLrRate == null)) {
            problems.add("lr_scheduler_kwargs: cosine_with_min_lr needs exactly one of min_lr and min_lr_rate, found "
                    + (minLr == null ? "neither" : "both"));
        }
        double any = Double.POSITIVE_INFINITY;
        check(problems, type, "min_lr", minLr, 0, peak);
        check(problems, type, "min_lr_rate", minLrRate, 0, 1);
        check(problems, type, "lr_end", lrEnd, -any, any);
        if (type == LrSchedulerType.POLYNOMIAL && !(lastRate() >= 0 && lastRate() < peak)) {
            problems.add("lr_scheduler_kwargs.lr_end is " + lastRate() + ", legal: 0 or more and below learning_rate "
                    + peak);
        }
        check(problems, type, "power", power, Double.MIN_VALUE, Double.MAX_VALUE);
        check(problems, type, "num_cycles", numCycles, Double.MIN_VALUE, Double.MAX_VALUE);
        check(problems, type, "timescale", timescale, 1, Integer.MAX_VALUE);
        return problems;
    }

    private static void check(
            List<String> problems, LrSchedulerType type, String key, @Nullable Number value, double low, double high) {
        if (value != null && !type.options().contains(key)) {
            String options = type.options().isEmpty() ? "no options" : String.join(", ", type.options());
            problems.add("lr_scheduler_kwargs." + key + ": expected nothing with " + type.key() + ", which takes "
                    + options + "; found " + value);
        } else if (value != null && !(value.doubleValue() >= low && value.doubleValue() <= high)) {
            problems.add("lr_scheduler_kwargs." + key + " is " + value + ", legal: "
                    + (low == Double.MIN_VALUE ? "above 0" : "[" + low + ", " + high + "]"));
        }
    }
}
