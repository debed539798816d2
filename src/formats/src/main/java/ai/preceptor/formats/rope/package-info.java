/**
 * Rotary position embeddings: their parameters, how files write them, and the tables of cosines and sines that follow.
 *
 * <p><b>Takes</b> the keys of a configuration. <b>Gives</b> parameters, and tables as Java arrays. <b>Leaves</b> which layer
 * uses which to {@code formats.family}.
 */
@NullMarked
package ai.preceptor.formats.rope;

import org.jspecify.annotations.NullMarked;
