package ai.preceptor;

import ai.preceptor.eval.RewardReport;
import ai.preceptor.train.TrainSummary;
import org.jspecify.annotations.Nullable;

/**
 * What training a reward model came to.
 *
 * @param training the loop's account
 * @param measured on held-out rows; null without any
 */
public record RewardSummary(TrainSummary training, @Nullable RewardReport measured) {}
