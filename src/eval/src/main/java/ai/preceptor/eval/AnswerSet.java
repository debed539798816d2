package ai.preceptor.eval;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Completion;
import ai.preceptor.data.Prompt;
import java.util.ArrayList;
import java.util.List;

/**
 * What one model answered to the evaluation prompts.
 *
 * @param prompts at least one
 * @param completions per prompt its answers, at least one
 */
public record AnswerSet(List<Prompt> prompts, List<List<Completion>> completions) {

    /** @throws IllegalArgumentException if there is no prompt, or a prompt without an answer */
    public AnswerSet {
        prompts = List.copyOf(prompts);
        completions = completions.stream().map(List::copyOf).toList();
        if (prompts.isEmpty() || completions.size() != prompts.size()) {
            throw new IllegalArgumentException("answers: to " + completions.size()
                    + " prompts, must be one list for each" + " of " + prompts.size() + " prompts, at least 1");
        }
        for (int i = 0; i < completions.size(); i++) {
            if (completions.get(i).isEmpty()) {
                throw new IllegalArgumentException("answers to prompt " + i + ": 0, must be at least 1");
            }
        }
    }

    /** All answers with their tokens, prompt by prompt. */
    public List<Answer> answers() {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            for (Completion completion : completions.get(i)) {
                answers.add(Answer.of(prompts.get(i), completion));
            }
        }
        return answers;
    }

    /** All completions, prompt by prompt. */
    public List<Completion> allCompletions() {
        return completions.stream().flatMap(List::stream).toList();
    }

    /**
     * Refuses a baseline that answers other prompts.
     *
     * @throws IllegalArgumentException if the prompts differ
     */
    void requireSamePrompts(AnswerSet baseline) {
        if (!prompts.equals(baseline.prompts)) {
            throw new IllegalArgumentException("baseline: its prompts are not those of the answers ("
                    + baseline.prompts.size() + " and " + prompts.size() + ")");
        }
    }

    /**
     * One thing per answer, back in lists per prompt.
     *
     * @param flat in the order of {@link #answers()}
     * @throws IllegalArgumentException if there is not one per answer
     */
    public <T> List<List<T>> byPrompt(List<T> flat) {
        int count = completions.stream().mapToInt(List::size).sum();
        if (flat.size() != count) {
            throw new IllegalArgumentException("results: " + flat.size() + ", must be one per answer: " + count);
        }
        List<List<T>> nested = new ArrayList<>();
        int next = 0;
        for (List<Completion> own : completions) {
            nested.add(List.copyOf(flat.subList(next, next + own.size())));
            next += own.size();
        }
        return nested;
    }
}
