package ai.preceptor.evaluation;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.teacher.JudgeStats;
import ai.preceptor.teacher.Scores;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Scores each different answer once, whatever it is scored for: an answer is measured, and meets another one. Answers
 * are the same if their prompts and texts are. Is as closed as the scorer, which stays its owner's.
 */
final class ScoredOnce implements Scorer, JudgeStats.Source {
    private final Scorer scorer;
    private final UnaryOperator<Answer> shown;
    private final Map<Answer, Score> known;

    /**
     * A scorer that remembers.
     *
     * @param scorer whose scores do not depend on the other answers of a call, but for their last digits
     * @param shown an answer as the scorer gets it
     */
    ScoredOnce(Scorer scorer, UnaryOperator<Answer> shown) {
        this(scorer, shown, Map.of());
    }

    private ScoredOnce(Scorer scorer, UnaryOperator<Answer> shown, Map<Answer, Score> known) {
        this.scorer = scorer;
        this.shown = shown;
        this.known = new HashMap<>(known);
    }

    /** Knows what this one knows now; what either learns from now on, the other does not. */
    ScoredOnce copy() {
        return new ScoredOnce(scorer, shown, known);
    }

    @Override
    public String name() {
        return scorer.name();
    }

    @Override
    public List<Score> score(List<Answer> answers) {
        Set<Answer> unknown = new LinkedHashSet<>();
        for (Answer answer : answers) {
            if (!known.containsKey(answer)) {
                unknown.add(shown.apply(answer));
            }
        }
        if (!unknown.isEmpty()) {
            known.putAll(Scores.byAnswer(scorer, unknown));
        }
        return answers.stream()
                .map(answer -> Objects.requireNonNull(known.get(answer)))
                .toList();
    }

    /** Those of the scorer, if it is a judge itself. */
    @Override
    public JudgeStats stats() {
        return scorer instanceof JudgeStats.Source judging ? judging.stats() : JudgeStats.NONE;
    }
}
