package ai.preceptor.teacher.elicit;

import ai.preceptor.data.Preference;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Score;
import ai.preceptor.data.Text;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.teacher.Scores;
import java.util.ArrayList;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes groups and pairs of scored answers, without asking anyone.
 *
 * <p>Of a prompt's answers the blank ones, the unscored ones, and repetitions of an earlier one are left out; the others
 * are a group if the best and the worst differ by more than nothing and by at least {@code minGap}. What is left out is
 * counted. Where several students answered, a group has the column {@code models}, one per answer, and a pair {@code
 * chosen_model} and {@code rejected_model}; of equal answers the first student's counts.
 *
 * @param pairs which pairs of a group become preferences
 * @param minGap least difference of scores in a pair, in the teacher's units; 0 or more, 0 for any
 * @param margins whether a preference carries the difference as its margin. A reward model then learns to set the answers
 *     that far apart, so the teacher's units must be a reward's
 * @param probabilityTemperature how far scores are apart that a preference is as sure as {@code sigmoid(1)}, above 0: a
 *     preference then carries {@code sigmoid(difference / temperature)} as its probability, by Bradley and Terry; null for
 *     preferences that are certain
 */
public record PreferenceSelection(
        @Key(help = "pairs of a prompt's answers that become preferences", defaultValue = "best_worst")
        PairRule pairs,

        @Key(
                help = "minimum difference of scores in a pair, in the teacher's units",
                defaultValue = "0",
                range = "[0, inf)")
        double minGap,

        @Key(help = "whether to write the difference of scores as the pair's margin", defaultValue = "false")
        boolean margins,

        @Key(
                help = "write the teacher's confidence as chosen_probability: the logistic function of the "
                        + "difference of scores divided by this",
                range = "(0, inf)")
        @Nullable
        Double probabilityTemperature) {

    /** @throws ai.preceptor.data.ConfigurationException if a number is out of its range */
    public PreferenceSelection {
        Refusals.of(PreferenceSelection.class, pairs, minGap, margins, probabilityTemperature)
                .throwIfAny();
    }

    /** Preferences that are certain. */
    public PreferenceSelection(PairRule pairs, double minGap, boolean margins) {
        this(pairs, minGap, margins, null);
    }

    /**
     * Selects.
     *
     * @param rows prompts with their answers
     * @param resumed how many of them came from a ledger, for the report
     */
    public Elicitation select(List<Elicited> rows, int resumed) {
        List<RankedGroup> groups = new ArrayList<>();
        List<Preference> preferences = new ArrayList<>();
        ElicitationReport report = select(rows, resumed, groups::add, preferences::add);
        return new Elicitation(groups, preferences, report);
    }

    /**
     * The same, of as many rows as there may be: what is selected is given away at once.
     *
     * @param groups gets one per kept prompt
     * @param preferences gets pairs, prompt by prompt
     */
    public ElicitationReport select(
            List<Elicited> rows, int resumed, Consumer<RankedGroup> groups, Consumer<Preference> preferences) {
        Counts counts = new Counts();
        int made = 0;
        for (Elicited row : rows) {
            Map<Text, ScoredAnswer> distinct = counts.distinct(row);
            GroupOutcome outcome = outcome(distinct);
            counts.prompts.merge(outcome, 1, Integer::sum);
            if (outcome == GroupOutcome.KEPT) {
                RankedGroup group = new RankedGroup(
                        row.prompt(),
                        List.copyOf(distinct.keySet()),
                        distinct.values().stream()
                                .map(answer -> answer.score().value())
                                .toList());
                AnswerColumns columns = new AnswerColumns(distinct);
                groups.accept(columns.named(group));
                for (Preference pair : pairs.pairs(group, this)) {
                    preferences.accept(columns.named(pair));
                    made++;
                }
            }
        }
        return new ElicitationReport(
                counts.prompts, counts.answers, made, counts.unfinished, resumed, counts.problems, counts.partMeans());
    }

    /** A pair of a group's answers whose scores differ by {@code gap}. */
    Preference pair(RankedGroup group, int better, int worse, double gap) {
        return new Preference(
                group.prompt(),
                group.responses().get(better),
                group.responses().get(worse),
                margins ? gap : null,
                probabilityTemperature == null ? null : 1 / (1 + Math.exp(-gap / probabilityTemperature)));
    }

    private GroupOutcome outcome(Map<Text, ScoredAnswer> distinct) {
        if (distinct.size() < 2) {
            return GroupOutcome.TOO_FEW_ANSWERS;
        }
        // not the boxed order, which tells -0.0 from 0.0
        DoubleSummaryStatistics scores = distinct.values().stream()
                .mapToDouble(answer -> answer.score().value())
                .summaryStatistics();
        double gap = Scores.rounded(scores.getMax() - scores.getMin());
        if (gap == 0) {
            return GroupOutcome.TIE;
        }
        return gap < minGap ? GroupOutcome.BELOW_MIN_GAP : GroupOutcome.KEPT;
    }

    /** Counts while a selection goes on. */
    private static final class Counts {
        private final Map<GroupOutcome, Integer> prompts = new EnumMap<>(GroupOutcome.class);
        private final Map<AnswerOutcome, Integer> answers = new EnumMap<>(AnswerOutcome.class);
        private final Map<String, Integer> problems = new LinkedHashMap<>();
        private final Map<String, DoubleSummaryStatistics> parts = new LinkedHashMap<>();
        private int unfinished;

        private Map<String, Double> partMeans() {
            Map<String, Double> means = new LinkedHashMap<>();
            parts.forEach((name, values) -> means.put(name, values.getAverage()));
            return means;
        }

        /** The answers that can be compared, in the order sampled. */
        private Map<Text, ScoredAnswer> distinct(Elicited row) {
            Map<Text, ScoredAnswer> distinct = new LinkedHashMap<>();
            for (ScoredAnswer answer : row.answers()) {
                unfinished += answer.finished() ? 0 : 1;
                for (Score.Part part : answer.score().parts()) {
                    if (!Double.isNaN(part.value())) {
                        parts.computeIfAbsent(part.name(), name -> new DoubleSummaryStatistics())
                                .accept(part.value());
                    }
                }
                answers.merge(outcome(row, answer, distinct), 1, Integer::sum);
            }
            return Collections.unmodifiableMap(distinct);
        }

        private AnswerOutcome outcome(Elicited row, ScoredAnswer answer, Map<Text, ScoredAnswer> distinct) {
            if (answer.isBlank()) {
                return AnswerOutcome.BLANK;
            }
            if (!answer.score().isScored()) {
                problems.merge(String.valueOf(answer.score().problem()), 1, Integer::sum);
                return AnswerOutcome.UNSCORED;
            }
            Text text = row.prompt().reply(answer.text());
            return distinct.putIfAbsent(text, answer) == null ? AnswerOutcome.COMPARED : AnswerOutcome.DUPLICATE;
        }
    }
}
