package ai.preceptor.teacher.prompts;

import ai.preceptor.teacher.elicit.PromptProgress;

/**
 * Runs a method until there are enough prompts, it has nothing left to ask, or too many questions bring nothing new.
 *
 * @param method asked again and again
 * @param maxQuestionsWithoutPrompt questions in a row without a new prompt after which it ends, 1 or more
 */
public record PromptGeneration(PromptMethod method, int maxQuestionsWithoutPrompt) {
    /** Questions that a method asks together, at most. */
    public static final int TOGETHER = Questions.STEP;

    /** @throws IllegalArgumentException if the number is out of its range */
    public PromptGeneration {
        if (maxQuestionsWithoutPrompt < 1) {
            throw new IllegalArgumentException(
                    "questions without a prompt: received " + maxQuestionsWithoutPrompt + ", expected 1 or more");
        }
    }

    /**
     * Fills a pool.
     *
     * @param progress told how many prompts there are; what it throws ends the run
     */
    public PromptsMade run(PromptPool pool, PromptProgress progress) {
        int questions = 0;
        int withoutPrompt = 0;
        String ending = "all that were wanted";
        while (!pool.isFull()) {
            progress.at(pool.kept().size(), pool.wanted());
            int before = pool.kept().size();
            int asked = method.step(pool);
            questions += asked;
            withoutPrompt = pool.kept().size() > before ? 0 : withoutPrompt + asked;
            if (asked == 0) {
                ending = "no questions are left to ask";
                break;
            }
            if (withoutPrompt >= maxQuestionsWithoutPrompt && !pool.isFull()) {
                ending = "stopped after " + withoutPrompt + " questions in a row without a new prompt, at most "
                        + maxQuestionsWithoutPrompt;
                break;
            }
        }
        progress.at(pool.kept().size(), pool.wanted());
        return PromptsMade.of(pool, questions, ending);
    }
}
