/**
 * Parquet files of rows, read and written without Hadoop.
 *
 * <p><b>Takes</b> a file, or rows as JSON lines. <b>Gives</b> rows as the text of JSON objects, through {@link
 * ai.preceptor.parquet.ParquetFormat}, which {@code data} finds as a service, or a file ({@link
 * ai.preceptor.parquet.ParquetExport}). <b>Leaves to others</b> what a row means.
 *
 * <p>Files are untrusted. What they claim is compared with what they have before memory is taken for it: the places of
 * column chunks with the file's length, the size of a page with 256 MiB and with what its bytes unpack to, the bytes of a row
 * group with 2 GiB. A claim that still asks for more memory than there is ends as an error of the file.
 */
@NullMarked
package ai.preceptor.parquet;

import org.jspecify.annotations.NullMarked;
