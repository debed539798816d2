package ai.preceptor.teacher.elicit;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Preference;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.teacher.Comparison;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

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
        List<Preference> sure = new ArrayList<>();
        Judging judging = new Judging(judge, sure::add);
        preferences.forEach(judging);
        return new Elicitation(groups, sure, judging.end(report));
    }

    /** Judges pairs as they come, some at a time. */
    public static final class Judging implements Consumer<Preference> {
        private static final int PAIRS_AT_ONCE = 1024;

        private final Judge judge;
        private final Consumer<Preference> sure;
        private final List<Preference> waiting = new ArrayList<>();
        private int given;
        private int kept;

        /**
         * As {@link Elicitation#judgedBy}.
         *
         * @param sure gets the pairs with a verdict, in order
         */
        public Judging(Judge judge, Consumer<Preference> sure) {
            this.judge = judge;
            this.sure = sure;
        }

        @Override
        public void accept(Preference pair) {
            given++;
            waiting.add(pair);
            if (waiting.size() == PAIRS_AT_ONCE) {
                judgeWaiting();
            }
        }

        private void judgeWaiting() {
            if (waiting.isEmpty()) {
                return;
            }
            List<Verdict> verdicts = judge.compare(waiting.stream()
                    .map(pair -> new Comparison(pair.prompt(), pair.chosen(), pair.rejected()))
                    .toList());
            for (int i = 0; i < waiting.size(); i++) {
                Preference pair = waiting.get(i);
                Verdict verdict = verdicts.get(i);
                if (verdict.isDecided()) {
                    kept++;
                    sure.accept(new Preference(
                            pair.prompt(), pair.chosen(), pair.rejected(), pair.margin(), verdict.preference()));
                }
            }
            waiting.clear();
        }

        /**
         * Judges the last ones.
         *
         * @param report of the pairs that were given
         * @return the same with those that have a verdict
         * @throws DataException if none has
         */
        public ElicitationReport end(ElicitationReport report) {
            judgeWaiting();
            if (kept == 0) {
                throw new DataException("elicitation with " + judge.name()
                        + ": nothing to learn from: no verdict on any of " + given + " pairs");
            }
            return report.withPreferences(kept);
        }
    }
}
