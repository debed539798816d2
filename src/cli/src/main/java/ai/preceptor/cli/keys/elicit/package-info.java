/**
 * Keys of {@code elicit} by its kinds, a record each.
 *
 * <p><b>Takes</b> values that were read and checked one by one. <b>Gives</b> them to the jobs of {@code cli.command.elicit}.
 * <b>Leaves to others</b>: the command's own record ({@link ai.preceptor.cli.keys.inference.ElicitConfig}), reading ({@code
 * cli.config}).
 */
@NullMarked
package ai.preceptor.cli.keys.elicit;

import org.jspecify.annotations.NullMarked;
