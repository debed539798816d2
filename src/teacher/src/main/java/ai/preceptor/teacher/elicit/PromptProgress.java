package ai.preceptor.teacher.elicit;

/** Hears how many prompts are done. */
@FunctionalInterface
public interface PromptProgress {
    /** Ignores it. */
    PromptProgress UNHEARD = (done, total) -> {};

    /**
     * Called between two batches and at the end. What it throws ends the work; an elicitation can then be resumed.
     *
     * @param done prompts whose answers are there, and scored where there is a score; in the ledger if there is one
     * @param total prompts of all
     */
    void at(int done, int total);
}
