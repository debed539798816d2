/**
 * Recipes: several commands in one run directory, each working on what those before it left.
 *
 * <p>Takes: a YAML file of named stages, and the commands that can be stages. Gives: a run directory with one directory a
 * stage, a table that compares the methods, samples, and one report. Leaves to others: what a stage does.
 */
@NullMarked
package ai.preceptor.cli.recipe;

import org.jspecify.annotations.NullMarked;
