package ai.preceptor;

import ai.preceptor.eval.RewardReport;
import ai.preceptor.train.TrainSummary;
import org.jspecify.annotations.Nullable;

/**
 * The result of training a reward model.
 *
 * @param training the loop's account
 * @param measured on held-out rows; null without any
 */
public record RewardSummary(TrainSummary training, @Nullable RewardReport measured) {}
