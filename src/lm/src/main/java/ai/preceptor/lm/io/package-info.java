/**
 * Files of bytes, read at any place or mapped.
 *
 * <p><b>Takes</b> paths. <b>Gives</b> little-endian buffers, and messages that name the file. <b>Leaves</b> what the bytes
 * mean to {@code lm.weights} and {@code lm.gguf}.
 */
@NullMarked
package ai.preceptor.lm.io;

import org.jspecify.annotations.NullMarked;
