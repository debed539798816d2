package ai.preceptor.teacher;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.Text;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A judge that prefers the answer with the higher score: 1 for the first, 0 for the second, 0.5 if they are tied. It has
 * no position bias. Each answer is scored once, regardless of the number of its comparisons; identical answers are
 * not scored and
 * tie. A comparison with an answer that could not be scored is undecided, for the scorer's reason.
 *
 * @param scorer what it goes by; closed with this judge
 * @param tieWithin scores no further apart than this tie, in the scorer's units; 0 or more
 */
public record ScorerJudge(Scorer scorer, double tieWithin) implements Judge {
    /** @throws IllegalArgumentException if {@code tieWithin} is negative or not finite */
    public ScorerJudge {
        if (!(tieWithin >= 0) || Double.isInfinite(tieWithin)) {
            throw new IllegalArgumentException("tie within: " + tieWithin + ", must be finite and 0 or more");
        }
    }

    /** A judge for whom only equal scores tie. */
    public ScorerJudge(Scorer scorer) {
        this(scorer, 0);
    }

    @Override
    public String name() {
        return scorer.name();
    }

    @Override
    public List<Verdict> compare(List<Comparison> comparisons) {
        Set<Answer> distinct = new LinkedHashSet<>();
        for (Comparison comparison : comparisons) {
            if (!comparison.isIdentical()) {
                distinct.add(new Answer(comparison.prompt(), comparison.first()));
                distinct.add(new Answer(comparison.prompt(), comparison.second()));
            }
        }
        Map<Answer, Score> scores = Scores.byAnswer(scorer, distinct);
        List<Verdict> verdicts = new ArrayList<>(comparisons.size());
        for (Comparison comparison : comparisons) {
            verdicts.add(verdict(comparison, scores));
        }
        return verdicts;
    }

    /** Those of the scorer, if it is a judge itself. */
    @Override
    public JudgeStats stats() {
        return scorer instanceof JudgeStats.Source judging ? judging.stats() : JudgeStats.NONE;
    }

    private Verdict verdict(Comparison comparison, Map<Answer, Score> scores) {
        if (comparison.isIdentical()) {
            return Verdict.TIE;
        }
        Score first = score(scores, comparison, comparison.first());
        Score second = score(scores, comparison, comparison.second());
        if (!first.isScored() || !second.isScored()) {
            return Verdict.undecided(
                    first.isScored() ? "second answer: " + second.problem() : "first answer: " + first.problem());
        }
        double difference = first.value() - second.value();
        if (Math.abs(difference) <= tieWithin) {
            return Verdict.TIE;
        }
        return Verdict.of(difference > 0 ? 1 : 0);
    }

    private static Score score(Map<Answer, Score> scores, Comparison comparison, Text text) {
        return Objects.requireNonNull(scores.get(new Answer(comparison.prompt(), text)));
    }

    @Override
    public void close() {
        scorer.close();
    }
}
