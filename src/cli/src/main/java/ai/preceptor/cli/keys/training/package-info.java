/**
 * The keys of the commands that train ({@code sft}, {@code distill}, {@code reward}, {@code rank}, {@code policy} with
 * its {@code worker}), as records, and the groups of keys that only these have.
 *
 * <p>Takes: the shared groups of {@link ai.preceptor.cli.keys}. Gives: a record {@code XConfig} for each command. Leaves to
 * others: the training.
 */
@NullMarked
package ai.preceptor.cli.keys.training;

import org.jspecify.annotations.NullMarked;
