package ai.preceptor.train.schedule;

import ai.preceptor.data.ConfigurationException;
import java.util.ArrayList;
import java.util.List;

/**
 * The learning rate of every step: a linear warm-up from 0, then the shape of {@code type}. The first step of a run is
 * step 0, so with warm-up it is taken at rate 0, as in transformers.
 *
 * @param type the shape
 * @param shape its options
 * @param peak the rate that the factor multiplies, {@code > 0}
 * @param warmupSteps length of the warm-up in optimizer steps, {@code >= 0}
 * @param totalSteps length of the run in optimizer steps, {@code >= 1}
 */
public record LearningRateSchedule(
        LrSchedulerType type, ScheduleShape shape, double peak, int warmupSteps, int totalSteps) {

    /** @throws ConfigurationException when a value is out of its range; the message lists all that are */
    public LearningRateSchedule {
        List<String> problems = problems(type, shape, peak, warmupSteps);
        if (totalSteps < 1) {
            problems.add("the run has " + totalSteps + " steps, legal: 1 or more");
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(String.join("; ", problems));
        }
    }

    /** What is wrong with these values, in the words of configuration files; empty when nothing is. */
    public static List<String> problems(LrSchedulerType type, ScheduleShape shape, double peak, int warmupSteps) {
        List<String> problems = new ArrayList<>();
        if (!(peak > 0 && peak < Double.POSITIVE_INFINITY)) {
            problems.add("learning_rate is " + peak + ", legal: above 0 and finite");
        }
        if (warmupSteps < 0) {
            problems.add("warmup_steps is " + warmupSteps + ", legal: 0 or more");
        }
        if (type == LrSchedulerType.CONSTANT && warmupSteps > 0) {
            problems.add("lr_scheduler_type constant takes no warm-up, but warmup_steps is " + warmupSteps
                    + "; use constant_with_warmup, or warmup_steps 0");
        }
        problems.addAll(shape.problems(type, peak));
        return problems;
    }

    /** The rate of optimizer step {@code step}, the first being 0. */
    public double at(int step) {
        double factor = type != LrSchedulerType.CONSTANT && step < warmupSteps
                ? (double) step / Math.max(1, warmupSteps)
                : type.factor(this, step);
        return peak * factor;
    }

    /** How far {@code step} is from the end of warm-up (0) to the end of the run (1). */
    double progress(int step) {
        return (double) (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
    }
}
