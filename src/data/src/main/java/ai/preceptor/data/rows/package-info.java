/**
 * Rows of data sets in files: TRL's formats as JSON lines, plain or gzip, read into the values of {@code data}, split by
 * prompt, and written so that whole lines survive a crash.
 *
 * <p><b>Takes</b> files. <b>Gives</b> a {@link ai.preceptor.data.rows.Dataset} whose {@link
 * ai.preceptor.data.rows.ReadReport} accounts for every row. <b>Leaves to others</b> what is learnt from a row.
 *
 * <p>How a row is read: {@link ai.preceptor.data.rows.Datasets} reads a file line by line, refuses or skips bad rows, and
 * drops rows nothing can be learnt from.
 */
@NullMarked
package ai.preceptor.data.rows;

import org.jspecify.annotations.NullMarked;
