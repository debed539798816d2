package ai.preceptor.teacher.prompts;

import ai.preceptor.teacher.elicit.PromptProgress;

/**
 * Runs a method until there are enough prompts, it has nothing left to ask, or too many questions bring nothing new.
 *
 * @param method asked again and again
 * @param maxFruitlessQuestions questions in a row without a new prompt after which it ends, 1 or more
 */
public record PromptGeneration(PromptMethod method, int maxFruitlessQuestions) {
    /** @throws IllegalArgumentException if the number is out of its range */
    public PromptGeneration {
        if (maxFruitlessQuestions < 1) {
            throw new IllegalArgumentException(
                    "fruitless questions: received " + maxFruitlessQuestions + ", expected 1 or more");
        }
    }

    /**
     * Fills a pool.
     *
     * @param progress told how many prompts there are; what it throws ends the run
     */
    public PromptsMade run(PromptPool pool, PromptProgress progress) {
        int questions = 0;
        int fruitless = 0;
        String ending = "all that were wanted";
        while (!pool.isFull()) {
            progress.at(pool.kept().size(), pool.wanted());
            int before = pool.kept().size();
            int asked = method.step(pool);
            questions += asked;
            fruitless = pool.kept().size() > before ? 0 : fruitless + asked;
            if (asked == 0) {
                ending = "no questions are left to ask";
                break;
            }
            if (fruitless >= maxFruitlessQuestions && !pool.isFull()) {
                ending = "stopped after " + fruitless + " questions in a row without a new prompt, at most "
                        + maxFruitlessQuestions;
                break;
            }
        }
        progress.at(pool.wanted(), pool.wanted());
        return PromptsMade.of(pool, questions, ending);
    }
}
