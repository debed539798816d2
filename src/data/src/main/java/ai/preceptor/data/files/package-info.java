/**
 * Files as the operating system has them: writing that survives a crash, paths compared by what they lead to, digests, and
 * what a failure means.
 *
 * <p><b>Takes</b> paths and bytes. <b>Gives</b> whole files or none, and {@link ai.preceptor.data.OutputException}. <b>Leaves
 * to others</b> what a file says.
 */
@NullMarked
package ai.preceptor.data.files;

import org.jspecify.annotations.NullMarked;
