/**
 * A decoder-only transformer without its head: forward and backward passes over packed batches, in shards that run in
 * parallel.
 *
 * <p><b>Takes</b> {@link ai.preceptor.lm.weights.Parameters} and a {@link ai.preceptor.lm.batch.PackedBatch}. <b>Gives</b>
 * hidden states, takes their gradients back, and gives {@link ai.preceptor.lm.decoder.DecoderWeights} for generation.
 * <b>Leaves to others</b>: heads and what is computed from them ({@code lm}).
 */
@NullMarked
package ai.preceptor.lm.decoder;

import org.jspecify.annotations.NullMarked;
