/**
 * What a person at a terminal, or a pipe, sees: progress, tables, samples before and after.
 *
 * <p>Takes: numbers and texts of a running or finished job. Gives: results on standard output, progress and errors on
 * standard error; escape codes and carriage returns only on a terminal. Leaves to others: what is measured, and files.
 */
@NullMarked
package ai.preceptor.cli.console;

import org.jspecify.annotations.NullMarked;
