/**
 * A decode step of a causal language model in plain Java: matrix products, attention over a key-value store, norms,
 * activations and the draw, over arrays.
 *
 * <p>Every output is one chain of fused multiply-adds, and sums have a fixed order, so a row's bits depend neither on the rows
 * beside it nor on the number of threads, the width of vectors, or whether code is interpreted or compiled.
 *
 * <p>Classes here need the module {@code jdk.incubator.vector}; {@link ai.preceptor.vector.VectorSupport} says whether it is there.
 */
@NullMarked
package ai.preceptor.vector;

import org.jspecify.annotations.NullMarked;
