/**
 * Preceptor as a library: everything the command line does, for Java callers.
 *
 * <p>Takes: model directories, rows of data, and settings. Gives: students that generate, score and train, reward models,
 * and evaluations. {@link ai.preceptor.Preceptor} is where it starts. Leaves to others: the command line and its files.
 */
@NullMarked
package ai.preceptor;

import org.jspecify.annotations.NullMarked;
