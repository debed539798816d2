/**
 * What is asked of generation, and what comes of it.
 *
 * <p><b>Takes</b> prompts as token ids, {@link ai.preceptor.lm.generate.SamplingOptions} and limits, which are checked here.
 * <b>Gives</b> the values of a request and of its samples. <b>Leaves to others</b>: generating ({@code lm.engine}).
 */
@NullMarked
package ai.preceptor.lm.generate;

import org.jspecify.annotations.NullMarked;
