/**
 * The command that drops rows of a data set.
 *
 * <p><b>Takes</b> checked keys. <b>Gives</b> a run directory with the rows that stay and those that were dropped. <b>Leaves to
 * others</b>: the filters ({@code teacher.curate}).
 */
@NullMarked
package ai.preceptor.cli.command.curation;

import org.jspecify.annotations.NullMarked;
