package ai.preceptor.teacher.elicit;

import ai.preceptor.data.source.LazyRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers of several students to the same prompts, pooled into one group a prompt. Which student wrote an answer stays with
 * it ({@link ScoredAnswer#model}), so one model is loaded at a time, and the teacher scores them all together.
 *
 * <p>Source: UltraFeedback, Cui et al. 2023, arXiv:2310.01377; RRHF, Yuan et al. 2023, arXiv:2304.05302.
 * When not to use it: students of very unlike strength. The same student is then chosen for every prompt, and the pairs
 * teach its style.
 */
public final class PooledAnswers {
    private final Map<String, List<Elicited>> byModel = new LinkedHashMap<>();

    /**
     * Adds a student's answers.
     *
     * @param model its name, as rows will have it
     * @param answers one per prompt; prompts and their order are those of all students
     * @throws IllegalArgumentException if the name is there already, or the prompts are others
     */
    public void add(String model, List<Elicited> answers) {
        if (byModel.containsKey(model)) {
            throw new IllegalArgumentException("model: received " + model + " twice");
        }
        for (List<Elicited> other : byModel.values()) {
            if (!prompts(other).equals(prompts(answers))) {
                throw new IllegalArgumentException(
                        "answers of " + model + ": expected the prompts of the other students");
            }
        }
        byModel.put(model, LazyRows.copyOf(answers));
    }

    private static List<?> prompts(List<Elicited> rows) {
        return new LazyRows<>(rows.size(), i -> rows.get(i).prompt());
    }

    /** One group a prompt: the students' answers in the order in which they were added. */
    public List<Elicited> pooled() {
        Map<String, List<Elicited>> students = new LinkedHashMap<>(byModel);
        if (students.isEmpty()) {
            return List.of();
        }
        List<Elicited> first = students.values().iterator().next();
        LazyRows<Elicited> groups = new LazyRows<>(first.size(), i -> {
            List<ScoredAnswer> answers = new ArrayList<>();
            students.forEach((model, rows) -> rows.get(i).answers().forEach(answer -> answers.add(answer.by(model))));
            return new Elicited(first.get(i).prompt(), answers);
        });
        return first instanceof LazyRows ? groups : List.copyOf(groups);
    }
}
