package ai.preceptor.teacher.elicit;

import ai.preceptor.data.Preference;
import ai.preceptor.data.RankedGroup;
import java.util.List;

/**
 * The preferences of a teacher.
 *
 * @param groups one per kept prompt: its distinct answers with their scores, in the order sampled
 * @param preferences pairs of them, prompt by prompt
 * @param report the outcome of every prompt and answer
 */
public record Elicitation(List<RankedGroup> groups, List<Preference> preferences, ElicitationReport report) {

    /** Copies the lists. */
    public Elicitation {
        groups = List.copyOf(groups);
        preferences = List.copyOf(preferences);
    }
}
