/**
 * Measures a student.
 *
 * <p><b>Takes</b> a student, its reference, and a scorer.
 * <b>Gives</b> a report: win rate, accuracy, divergence from the reference, each with its estimator.
 * <b>Leaves to others</b>: changing the student.
 */
@NullMarked
package ai.preceptor.eval;

import org.jspecify.annotations.NullMarked;
