/**
 * A program that gives a run to trackio.
 *
 * <p>Takes: a run directory. Gives: {@code trackio_import.py} in it. Leaves to others: running it, in a Python with trackio.
 */
@NullMarked
package ai.preceptor.track.trackio;

import org.jspecify.annotations.NullMarked;
