/**
 * Evaluation on held-out rows during training: when it is due, which model was best, when to stop.
 *
 * <p><b>Takes</b> settings and an {@link ai.preceptor.train.evaluation.Evaluator}, which measures the model. <b>Gives</b> the values of
 * each evaluation and the step of the best one. <b>Leaves to others</b>: the measuring (the training methods) and the
 * checkpoints ({@code train.run}).
 */
@NullMarked
package ai.preceptor.train.evaluation;

import org.jspecify.annotations.NullMarked;
