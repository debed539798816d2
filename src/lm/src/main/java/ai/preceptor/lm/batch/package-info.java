/**
 * Sequences packed into one batch.
 *
 * <p><b>Takes</b> token ids of prompts and completions. <b>Gives</b> a flat batch without padding, in which completions share
 * their prompt's rows, and for each completion its range of targets. <b>Leaves to others</b>: computing with it ({@code
 * lm.decoder}).
 */
@NullMarked
package ai.preceptor.lm.batch;

import org.jspecify.annotations.NullMarked;
