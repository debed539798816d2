/**
 * Commands that compute nothing with a model: {@code render} shows what it reads, {@code convert} rewrites its files,
 * {@code doctor} measures the machine, {@code plan} estimates what training needs.
 *
 * <p>Takes: checked configurations. Gives: files, or a few lines. Leaves to others: training and inference.
 */
@NullMarked
package ai.preceptor.cli.command.tool;

import org.jspecify.annotations.NullMarked;
