/**
 * Compares settings with models and rows that can be looked at when a configuration is read, so that a run, or the last stage of
 * a recipe, is refused before anything starts.
 *
 * <p>Takes: settings and paths. Gives: refusals. Leaves to others: what an earlier stage will write, and everything that cannot
 * be read here, which the command reports when it opens it.
 */
@NullMarked
package ai.preceptor.cli.keys.known;

import org.jspecify.annotations.NullMarked;
