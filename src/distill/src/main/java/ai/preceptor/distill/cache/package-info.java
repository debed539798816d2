/**
 * A teacher's most probable tokens in a file, so that it need not be there while the student trains.
 *
 * <p><b>Takes</b> rows and a teacher, here or elsewhere. <b>Gives</b> distributions at the rows' loss tokens. <b>Leaves to
 * others</b>: which teacher, which rows, and what is learnt from them ({@code distill}).
 */
@NullMarked
package ai.preceptor.distill.cache;

import org.jspecify.annotations.NullMarked;
