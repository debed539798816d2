/**
 * Which runs are draws of one experiment, and which of their metrics tell most.
 *
 * <p>Takes: the settings of runs and how they ended. Gives: groups of runs that differ in their seed only, in which the same
 * seed counts once; the headline metrics of a command. The only place with this rule: {@code compare} and the live page use
 * it. Leaves to others: which keys change a result ({@link ai.preceptor.data.setting.KeyEffect}, declared with each key),
 * reading files, and statistics over a group.
 */
@NullMarked
package ai.preceptor.train.experiment;

import org.jspecify.annotations.NullMarked;
