/**
 * Files of bytes, read at any place or mapped, and files of JSON, read strictly and written as Hugging Face tools write them.
 *
 * <p><b>Takes</b> paths. <b>Gives</b> little-endian buffers, JSON trees, and messages that name the file. <b>Leaves</b> what
 * they mean to the packages beside it.
 */
@NullMarked
package ai.preceptor.formats.io;

import org.jspecify.annotations.NullMarked;
