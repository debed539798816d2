package ai.preceptor.teacher.demonstration;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.teacher.Draws;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Demonstrations of which some are shown to a teacher before each prompt: in-context examples.
 *
 * @param demonstrations to draw from; copied
 * @param count how many are shown, 0 or more
 * @param seed of the draws
 */
public record DemonstrationPool(List<Demonstration> demonstrations, int count, long seed) {
    /** None. */
    public static final DemonstrationPool NONE = new DemonstrationPool(List.of(), 0, 0);

    /** @throws ConfigurationException if there are fewer than {@code count} */
    public DemonstrationPool {
        demonstrations = List.copyOf(demonstrations);
        if (count < 0 || count > demonstrations.size()) {
            throw new ConfigurationException(
                    "num_demos: expected 0 to the " + demonstrations.size() + " rows of demos, found " + count);
        }
    }

    /**
     * Those shown before a prompt, in the order drawn. Each prompt has a draw of its own, which depends on the seed and its
     * place alone. One of the same question is never shown: one whose prompt has the same turns, those of the system left out
     * and a plain text taken as a turn of the user. If there are too few others, fewer are shown.
     *
     * @param place of the prompt among all, from 0
     */
    public List<Demonstration> drawn(Prompt prompt, int place) {
        if (count == 0) {
            return List.of();
        }
        List<Message> question = question(prompt);
        Random random = Draws.of(seed, place);
        Set<Integer> places = new LinkedHashSet<>();
        List<Demonstration> drawn = new ArrayList<>();
        while (drawn.size() < count && places.size() < demonstrations.size()) {
            int next = random.nextInt(demonstrations.size());
            if (places.add(next) && !question(demonstrations.get(next).prompt()).equals(question)) {
                drawn.add(demonstrations.get(next));
            }
        }
        return drawn;
    }

    private static List<Message> question(Prompt prompt) {
        return AnswerContext.turns(prompt.text(), "user");
    }
}
