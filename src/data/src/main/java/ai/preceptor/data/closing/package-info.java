/**
 * Ends of what a program holds.
 *
 * <p><b>Takes</b> models, judges, files or whatever must be closed. <b>Gives</b> nothing: all of them are closed, and the first
 * failure is thrown. <b>Leaves to others</b>: what closing means.
 */
@NullMarked
package ai.preceptor.data.closing;

import org.jspecify.annotations.NullMarked;
