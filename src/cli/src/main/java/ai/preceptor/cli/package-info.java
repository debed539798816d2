/**
 * The command line: configuration, commands, recipes, reports.
 *
 * <p><b>Takes</b> arguments and YAML files.
 * <b>Gives</b> runs, what a person reads, and an exit code: 0 done, 1 a defect in the program or training that diverged, 2
 * bad usage or configuration, 3 bad data, 4 a teacher, worker or disk failed for good, 130 interrupted with the state saved.
 * <b>Leaves to others</b>: the work, which is in the library. This is the only module that sees all others, and none sees
 * it.
 */
@NullMarked
package ai.preceptor.cli;

import org.jspecify.annotations.NullMarked;
