package ai.preceptor.teacher.demonstration;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Prompt;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Demonstrations of which some are shown to a teacher before each prompt: in-context examples.
 *
 * @param demonstrations to draw from; copied
 * @param count how many are shown, 0 or more
 * @param seed of the draws
 */
public record DemonstrationPool(List<Demonstration> demonstrations, int count, long seed) {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

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
     * place alone. One whose prompt is the same text is never shown; if there are too few others, fewer are shown.
     *
     * @param place of the prompt among all, from 0
     */
    public List<Demonstration> drawn(Prompt prompt, int place) {
        if (count == 0) {
            return List.of();
        }
        List<Demonstration> others = new ArrayList<>(demonstrations);
        others.removeIf(
                one -> one.prompt().text().asString().equals(prompt.text().asString()));
        Collections.shuffle(others, new Random(seed + GOLDEN_RATIO * (place + 1L)));
        return List.copyOf(others.subList(0, Math.min(count, others.size())));
    }
}
