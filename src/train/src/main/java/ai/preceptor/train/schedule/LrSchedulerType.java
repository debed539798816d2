package ai.preceptor.train.schedule;

import java.util.List;
import java.util.Locale;

/**
 * Shapes of the learning rate after warm-up, under the names of transformers' {@code lr_scheduler_type}.
 *
 * <p>Legend: {@code t} step number (0-based), {@code W} warm-up steps, {@code T} all steps, {@code p = (t - W) /
 * max(1, T - W)}. Each shape gives the factor on the peak rate for {@code t >= W}; warm-up is the same straight line
 * {@code t / max(1, W)} for all. Source: {@code transformers/optimization.py}, version 5.23.0.
 */
public enum LrSchedulerType {
    /** Factor 1 from the first step on; takes no warm-up. */
    CONSTANT {
        @Override
        double factor(LearningRateSchedule s, int step) {
            return 1;
        }
    },
    /** Factor 1 after warm-up. */
    CONSTANT_WITH_WARMUP {
        @Override
        double factor(LearningRateSchedule s, int step) {
            return 1;
        }
    },
    /** {@code max(0, (T - t) / max(1, T - W))}. */
    LINEAR {
        @Override
        double factor(LearningRateSchedule s, int step) {
            return Math.max(0, (double) (s.totalSteps() - step) / Math.max(1, s.totalSteps() - s.warmupSteps()));
        }
    },
    /** {@code max(0, (1 + cos(2 pi c p)) / 2)}, {@code c} = {@code num_cycles}, 0.5 by default. */
    COSINE("num_cycles") {
        @Override
        double factor(LearningRateSchedule s, int step) {
            return Math.max(0, wave(s.shape().numCycles(0.5) * 2 * s.progress(step)));
        }
    },
    /** {@code num_cycles} (1 by default) half-cosines, each from 1 to 0. */
    COSINE_WITH_RESTARTS("num_cycles") {
        @Override
        double factor(LearningRateSchedule s, int step) {
            double progress = s.progress(step);
            return progress >= 1 ? 0 : Math.max(0, wave(s.shape().numCycles(1) * progress % 1));
        }
    },
    /** The cosine squeezed between 1 and {@code m}, the lowest rate as a share of the peak. */
    COSINE_WITH_MIN_LR("num_cycles", "min_lr", "min_lr_rate") {
        @Override
        double factor(LearningRateSchedule s, int step) {
            double lowest = s.shape().minRate(s.peak());
            return Math.max(0, wave(s.shape().numCycles(0.5) * 2 * s.progress(step)) * (1 - lowest) + lowest);
        }
    },
    /** {@code ((peak - lr_end) (1 - p)^power + lr_end) / peak}; {@code lr_end} 1e-7, {@code power} 1 by default. */
    POLYNOMIAL("lr_end", "power") {
        @Override
        double factor(LearningRateSchedule s, int step) {
            double end = s.shape().lastRate();
            if (step > s.totalSteps()) {
                return end / s.peak();
            }
            double left = 1 - s.progress(step);
            return ((s.peak() - end) * Math.pow(left, s.shape().exponent()) + end) / s.peak();
        }
    },
    /** {@code 1 / sqrt((t + S - W) / S)}, {@code S} = {@code timescale}, by default W, or 10,000 without warm-up. */
    INVERSE_SQRT("timescale") {
        @Override
        double factor(LearningRateSchedule s, int step) {
            int scale = s.shape().timescale(s.warmupSteps());
            return 1 / Math.sqrt(((double) step + scale - s.warmupSteps()) / scale);
        }
    };

    @SuppressWarnings("ImmutableEnumChecker") // List.of makes lists that cannot be changed
    private final List<String> options;

    LrSchedulerType(String... options) {
        this.options = List.of(options);
    }

    /** The keys of {@code lr_scheduler_kwargs} that it reads, as in transformers. */
    public List<String> options() {
        return options;
    }

    /** The factor on the peak rate at {@code step}, which is at or after the end of warm-up. */
    abstract double factor(LearningRateSchedule schedule, int step);

    /** The name used in configuration files, as in transformers: {@code cosine_with_min_lr}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static double wave(double halfTurns) {
        return 0.5 * (1 + Math.cos(Math.PI * halfTurns));
    }
}
