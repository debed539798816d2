package ai.preceptor.teacher.prompts;

/**
 * A way to make prompts.
 *
 * <p>What it asks depends on its settings and on what the pool kept, never on time or threads: a run that starts again with
 * the same replies asks the same.
 */
public interface PromptMethod {
    /**
     * Asks a few questions together and offers every prompt that comes of them to the pool.
     *
     * @param pool not full
     * @return how many questions were asked; 0 if there are none left to ask
     */
    int step(PromptPool pool);
}
