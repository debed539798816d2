/**
 * Process reward models as objects: learnt from labeled steps, and then scorers of answers and of their steps.
 *
 * <p><b>Takes</b> a model directory. <b>Gives</b> a {@link ai.preceptor.process.ProcessRewardModel} and what it measures.
 * <b>Leaves to others</b>: the objective ({@code reward.process}), reward models of whole answers ({@code ai.preceptor}).
 */
@NullMarked
package ai.preceptor.process;

import org.jspecify.annotations.NullMarked;
