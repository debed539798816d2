/**
 * Commands that use a model as it is: {@code generate}, {@code serve}, {@code logprobs}, {@code score} and
 * {@code forward}.
 *
 * <p>Takes: checked configurations. Gives: files of answers and numbers, or a server. Leaves to others: the model.
 */
@NullMarked
package ai.preceptor.cli.command.inference;

import org.jspecify.annotations.NullMarked;
