/**
 * Preferences among answers that the model in training has just sampled.
 *
 * <p><b>Takes</b> any method of {@code ranking} ({@link ai.preceptor.ranking.RankMethod}) and scored answers of the policy
 * ({@link ai.preceptor.train.sampling.PolicySampler}).
 * <b>Gives</b> the training loop's rows ({@link ai.preceptor.ranking.online.OnlineRows}) and what makes a loss of them
 * ({@link ai.preceptor.ranking.online.OnlinePass}).
 * <b>Leaves to others</b>: sampling and scoring ({@code rollout}), the losses themselves.
 */
@NullMarked
package ai.preceptor.ranking.online;

import org.jspecify.annotations.NullMarked;
