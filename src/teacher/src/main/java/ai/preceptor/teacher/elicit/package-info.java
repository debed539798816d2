/**
 * Getting preferences out of a teacher.
 *
 * <p><b>Takes</b> prompts, a sampler of answers, and a teacher as a {@link ai.preceptor.data.Scorer}.
 * <b>Gives</b> ranked groups and pairs with an account of every answer, and a ledger that keeps what was paid for.
 * <b>Leaves to others</b>: sampling itself ({@code lm.generate}), learning ({@code reward}, {@code ranking}).
 */
@NullMarked
package ai.preceptor.teacher.elicit;

import org.jspecify.annotations.NullMarked;
