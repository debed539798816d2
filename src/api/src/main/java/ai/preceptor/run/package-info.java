/**
 * What the runs of {@code Student} and {@code RewardModel} are made of; nothing here is for a user of
 * the library.
 *
 * <p><b>Takes</b> loaded models, rows and settings. <b>Gives</b> measured rows, sampled answers, published weights and written
 * model directories. <b>Leaves to others</b>: which run a method of the library is ({@code ai.preceptor}).
 */
@NullMarked
package ai.preceptor.run;

import org.jspecify.annotations.NullMarked;
