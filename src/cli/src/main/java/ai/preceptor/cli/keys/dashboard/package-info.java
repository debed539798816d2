/**
 * Keys of the live page.
 *
 * <p>Takes: nothing. Gives: records that {@link ai.preceptor.cli.config.Settings} fills, for the command {@code dashboard} and
 * for commands that serve their own run. Leaves to others: serving ({@link ai.preceptor.dashboard}).
 */
@NullMarked
package ai.preceptor.cli.keys.dashboard;

import org.jspecify.annotations.NullMarked;
