/**
 * What every command is, and what several commands share.
 *
 * <p>Takes: checked configurations. Gives: {@link ai.preceptor.cli.command.Command}, the run directory of a stage around
 * its work, rows of every kind that the student can encode, and served teachers. Leaves to others: the commands, which lie
 * in the packages below this one, and the words that call them, which {@link ai.preceptor.cli.Commands} knows.
 */
@NullMarked
package ai.preceptor.cli.command;

import org.jspecify.annotations.NullMarked;
