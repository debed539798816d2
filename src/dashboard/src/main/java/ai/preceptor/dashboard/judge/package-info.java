/**
 * Judging by hand: a person compares two answers without seeing what others preferred.
 *
 * <p>Takes: pairs that a teacher has judged, and a source of rewards if there is a reward model. Gives: a page, preference
 * rows, and how the person, the teacher and the reward model agree. Leaves to others: serving the page ({@link
 * ai.preceptor.dashboard}), loading models.
 */
@NullMarked
package ai.preceptor.dashboard.judge;

import org.jspecify.annotations.NullMarked;
