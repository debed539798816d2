package ai.preceptor.train.run;

/**
 * The position of a run.
 *
 * @param step optimizer steps done, {@code >= 0}
 * @param totalSteps optimizer steps the run is planned for, {@code >= step}
 * @param epoch passes over the rows done
 * @param tokens tokens that went through the model in training so far
 */
public record Position(int step, int totalSteps, double epoch, long tokens) {}
