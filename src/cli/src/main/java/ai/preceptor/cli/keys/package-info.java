/**
 * Groups of keys that commands of several kinds share, as records: the one home of their names, defaults, ranges and
 * explanations, unless a module below checks them itself.
 *
 * <p>Takes: nothing. Gives: records that {@link ai.preceptor.cli.config.Settings} fills, and plain constructor arguments
 * for the modules below. Leaves to others: reading and checking, which the annotations only describe. The commands' own
 * records are in {@link ai.preceptor.cli.keys.training} and {@link ai.preceptor.cli.keys.inference}.
 */
@NullMarked
package ai.preceptor.cli.keys;

import org.jspecify.annotations.NullMarked;
