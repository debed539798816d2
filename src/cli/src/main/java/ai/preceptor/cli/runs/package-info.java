/**
 * Run directories and the settings in them.
 *
 * <p>Takes: directories of runs and recipes, and the commands that write them. Gives: the runs in them, and each one's
 * settings in a form that can be compared: with defaults, without keys that change no result, stages of a recipe by name.
 * Leaves to others: which runs belong together ({@link ai.preceptor.train.experiment}) and what is measured.
 */
@NullMarked
package ai.preceptor.cli.runs;

import org.jspecify.annotations.NullMarked;
