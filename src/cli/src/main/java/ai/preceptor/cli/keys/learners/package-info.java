/**
 * Keys of several learners.
 *
 * <p><b>Takes</b> nothing but values. <b>Gives</b> how many learners a run has and which of them this process is. <b>Leaves to
 * others</b>: starting and joining them ({@code command.learners}).
 */
@NullMarked
package ai.preceptor.cli.keys.learners;

import org.jspecify.annotations.NullMarked;
