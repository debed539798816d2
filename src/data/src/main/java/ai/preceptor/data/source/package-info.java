/**
 * Where rows lie: files of several formats, folders and globs of them, each row as the text of a JSON object with its place.
 *
 * <p><b>Takes</b> a path as a user gives it. <b>Gives</b> {@link ai.preceptor.data.source.RowFiles}, and through them rows.
 * <b>Leaves to others</b> what a row means ({@code data.rows}).
 *
 * <p>A {@link ai.preceptor.data.source.RowFileFormat} is a format of files. JSON lines and CSV are here; others are found as
 * services, as Parquet is.
 */
@NullMarked
package ai.preceptor.data.source;

import org.jspecify.annotations.NullMarked;
