/**
 * Process reward models: what is learnt of labeled steps, and how scores of steps become one of an answer.
 *
 * <p><b>Takes</b> answers in steps with a verdict on each. <b>Gives</b> the objective of two labels at the end of each step,
 * tokens of steps, and aggregations. <b>Leaves to others</b>: whole answers ({@code reward}), loading and scoring ({@code api}).
 */
@NullMarked
package ai.preceptor.reward.process;

import org.jspecify.annotations.NullMarked;
