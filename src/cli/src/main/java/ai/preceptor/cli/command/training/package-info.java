/**
 * Commands that make training rows or train: {@code elicit}, {@code sft}, {@code distill}, {@code reward}, {@code rank},
 * {@code policy} and its {@code worker}.
 *
 * <p>Takes: checked configurations. Gives: run directories with a model, metrics, a summary and a report. Leaves to
 * others: the training, which is in the library.
 */
@NullMarked
package ai.preceptor.cli.command.training;

import org.jspecify.annotations.NullMarked;
