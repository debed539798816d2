/**
 * Several processes that train one model: sums over them, over PyTorch's c10d.
 *
 * <p><b>Takes</b> where the processes meet, and tensors or numbers of each. <b>Gives</b> the sums, equal to the last bit on
 * every process, or the error that one of them was lost. <b>Leaves to others</b>: what is summed, and when ({@code train}).
 */
@NullMarked
package ai.preceptor.lm.collective;

import org.jspecify.annotations.NullMarked;
