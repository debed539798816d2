/**
 * The command line: configuration, recipes, reports.
 *
 * <p><b>Takes</b> arguments and YAML files.
 * <b>Gives</b> runs, exit codes, and what a person reads.
 * <b>Leaves to others</b>: everything else: this is the only module that sees all others, and none sees it.
 */
@NullMarked
package ai.preceptor.cli;

import org.jspecify.annotations.NullMarked;
