package ai.preceptor.teacher.elicit;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Preference;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.teacher.Comparison;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.Verdict;
import java.util.ArrayList;
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

    /**
     * The same with a judge's own probability for each pair, as {@code chosen_probability}. A pair without a verdict is left
     * out, so the report may count fewer.
     *
     * @param judge must not favour a position
     * @throws ai.preceptor.data.DataException if no pair is left
     */
    public Elicitation judgedBy(Judge judge) {
        List<Verdict> verdicts = judge.compare(preferences.stream()
                .map(pair -> new Comparison(pair.prompt(), pair.chosen(), pair.rejected()))
                .toList());
        List<Preference> sure = new ArrayList<>();
        for (int i = 0; i < preferences.size(); i++) {
            Preference pair = preferences.get(i);
            Verdict verdict = verdicts.get(i);
            if (verdict.isDecided()) {
                sure.add(new Preference(
                        pair.prompt(), pair.chosen(), pair.rejected(), pair.margin(), verdict.preference()));
            }
        }
        if (sure.isEmpty()) {
            throw new DataException("elicitation with " + judge.name()
                    + ": nothing to learn from: no verdict on any of " + preferences.size() + " pairs");
        }
        return new Elicitation(groups, sure, report.withPreferences(sure.size()));
    }
}
