package ai.preceptor.cli.report;

/**
 * One stage of a recipe.
 *
 * @param name of the stage
 * @param did what it made of what, with the figures that matter
 * @param seconds it took
 */
public record StageRow(String name, String did, double seconds) {}
