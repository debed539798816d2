/**
 * Credit assignment: how the scores of sampled answers become the advantage of every token.
 *
 * <p><b>Takes</b> scores by answer and KL estimates by token. <b>Gives</b> advantages by token.
 * <b>Leaves to others</b>: the loss that reads them ({@code policy.loss}).
 */
@NullMarked
package ai.preceptor.policy.credit;

import org.jspecify.annotations.NullMarked;
