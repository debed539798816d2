/**
 * A frozen model that training compares with, by its log-probabilities: computed beside the steps, before them, or read from
 * a cache on disk.
 *
 * <p><b>Takes</b> rows and the frozen model. <b>Gives</b> the log-probabilities of their tokens.
 * <b>Leaves to others</b>: a reference that follows the model in training ({@code train.model}).
 */
@NullMarked
package ai.preceptor.train.reference;

import org.jspecify.annotations.NullMarked;
