package ai.preceptor.teacher.elicit;

/** Hears how far an elicitation is. */
@FunctionalInterface
public interface ElicitationProgress {

    /**
     * Called after every batch, when its answers are in the ledger. What it throws ends the elicitation, which can then be
     * resumed.
     *
     * @param done prompts whose answers are scored
     * @param total prompts of all
     */
    void scored(int done, int total);
}
