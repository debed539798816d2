/**
 * The keys of every command, as records: the one home of their names, defaults, ranges and explanations.
 *
 * <p>Takes: nothing. Gives: records that {@link ai.preceptor.cli.config.Settings} fills, and plain constructor arguments
 * for the modules below. Leaves to others: reading and checking, which the annotations only describe.
 */
@NullMarked
package ai.preceptor.cli.keys;

import org.jspecify.annotations.NullMarked;
