/**
 * Models and key-value blocks of {@link ai.preceptor.lm.engine} as arrays, for steps that are computed by
 * {@code ai.preceptor.vector}.
 */
@NullMarked
package ai.preceptor.lm.engine.vector;

import org.jspecify.annotations.NullMarked;
