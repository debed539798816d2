/**
 * Dropping rows of a data set: repeats, near-duplicates, rows that are too short, in another language, improbable to a model,
 * or badly scored.
 *
 * <p><b>Takes</b> rows with the lines they came from. <b>Gives</b> those that stay, and for each of the others a reason.
 * <b>Leaves to others</b>: reading and writing files ({@code data.rows}), measures of similarity ({@code
 * teacher.similarity}).
 *
 * <p>A filter is a {@link ai.preceptor.teacher.curate.RowFilter}; {@link ai.preceptor.teacher.curate.Curation} applies
 * several in turn.
 */
@NullMarked
package ai.preceptor.teacher.curate;

import org.jspecify.annotations.NullMarked;
