/**
 * How long a decode step takes by what computes it, and which of them a run shall use. It opens sessions of
 * {@link ai.preceptor.lm.engine} over a loaded model; who generates with the result is another's matter.
 */
@NullMarked
package ai.preceptor.lm.engine.timing;

import org.jspecify.annotations.NullMarked;
