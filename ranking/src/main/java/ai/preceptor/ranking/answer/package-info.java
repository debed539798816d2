/**
 * An answer as all losses see it.
 *
 * <p><b>Takes</b> the log-probabilities, length and score of an answer.
 * <b>Gives</b> what is read from them: sequence scores, orders, ordered pairs and the metrics that all objectives report.
 * <b>Leaves to others</b>: the losses.
 */
@NullMarked
package ai.preceptor.ranking.answer;

import org.jspecify.annotations.NullMarked;
