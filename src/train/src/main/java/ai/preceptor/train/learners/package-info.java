/**
 * Data-parallel training: what several learners of one run share.
 *
 * <p><b>Takes</b> a {@link ai.preceptor.lm.collective.Collective} and the parts of a run. <b>Gives</b> the rows of one learner, one
 * evaluation and one run directory for all. <b>Leaves to others</b>: the sums over a step ({@code train.TrainLoop}) and over gradients
 * ({@code train.model}), and starting the learners ({@code cli}).
 */
@NullMarked
package ai.preceptor.train.learners;

import org.jspecify.annotations.NullMarked;
