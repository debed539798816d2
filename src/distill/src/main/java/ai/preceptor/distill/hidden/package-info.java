/**
 * Similarity of a teacher's and a student's hidden states and attention.
 *
 * <p><b>Takes</b> hidden states of both at the same tokens. <b>Gives</b> how dissimilar they are, and the derivative by the
 * student's. <b>Leaves to others</b>: which layers are compared and where the numbers come from ({@code DistillationPass}).
 */
@NullMarked
package ai.preceptor.distill.hidden;

import org.jspecify.annotations.NullMarked;
