package ai.preceptor.teacher.elicit;

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
        byModel.put(model, List.copyOf(answers));
    }

    private static List<?> prompts(List<Elicited> rows) {
        return rows.stream().map(Elicited::prompt).toList();
    }

    /** One group a prompt: the students' answers in the order in which they were added. */
    public List<Elicited> pooled() {
        List<Elicited> groups = new ArrayList<>();
        byModel.forEach((model, rows) -> {
            for (int i = 0; i < rows.size(); i++) {
                List<ScoredAnswer> answers =
                        new ArrayList<>(groups.size() > i ? groups.get(i).answers() : List.of());
                rows.get(i).answers().forEach(answer -> answers.add(answer.by(model)));
                Elicited group = new Elicited(rows.get(i).prompt(), answers);
                if (groups.size() > i) {
                    groups.set(i, group);
                } else {
                    groups.add(group);
                }
            }
        });
        return List.copyOf(groups);
    }
}
