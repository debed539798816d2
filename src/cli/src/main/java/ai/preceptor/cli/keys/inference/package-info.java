/**
 * The keys of the commands that do not train: they run, compare, serve or convert models, or render text. As records, with
 * the groups of keys that only these have.
 *
 * <p>Takes: the shared groups of {@link ai.preceptor.cli.keys}. Gives: a record {@code XConfig} for each command. Leaves to
 * others: the work itself.
 */
@NullMarked
package ai.preceptor.cli.keys.inference;

import org.jspecify.annotations.NullMarked;
