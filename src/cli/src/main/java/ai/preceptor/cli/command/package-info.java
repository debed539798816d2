/**
 * The command line: one small class per command, found by name, fed with its checked configuration.
 *
 * <p>Takes: arguments. Gives: an exit code (0 done, 1 a defect in the program, 2 bad usage or configuration, 3 bad data, 4 a
 * teacher, worker or disk failed for good, 130 interrupted with the state saved). Leaves to others: the work, which is in the
 * library that Preceptor opens.
 */
@NullMarked
package ai.preceptor.cli.command;

import org.jspecify.annotations.NullMarked;
