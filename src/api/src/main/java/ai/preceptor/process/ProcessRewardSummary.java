package ai.preceptor.process;

import ai.preceptor.eval.StepReport;
import ai.preceptor.train.TrainSummary;
import org.jspecify.annotations.Nullable;

/**
 * The result of training a process reward model.
 *
 * @param training the loop's account
 * @param measured on held-out rows; null without any
 */
public record ProcessRewardSummary(
        TrainSummary training, @Nullable StepReport measured) {}
