/**
 * The key-value store of generation: which sequence has which blocks ({@link ai.preceptor.lm.engine.store.KvStore}), and the memory
 * that they lie in ({@link ai.preceptor.lm.engine.store.BlockMemory}).
 */
@NullMarked
package ai.preceptor.lm.engine.store;

import org.jspecify.annotations.NullMarked;
