/**
 * {@code compare}: runs side by side.
 *
 * <p>Takes: run directories, finished or not, and directories of recipes. Gives: a table of the settings that differ and of
 * the metrics that tell most, a page with overlaid curves, and the same charts as files. Runs that differ only in their seed
 * are one row: their mean and sample standard deviation. Leaves to others: running, measuring, and how charts and pages are drawn.
 */
@NullMarked
package ai.preceptor.cli.compare;

import org.jspecify.annotations.NullMarked;
