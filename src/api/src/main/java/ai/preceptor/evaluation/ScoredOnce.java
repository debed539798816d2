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

/**
 * Scores each different answer once, whatever it is scored for: the baseline's answers meet those of every method. An answer
 * is scored by its text, as judges see it, without its tokens. Is as closed as the scorer, which stays its owner's.
 */
final class ScoredOnce implements Scorer, JudgeStats.Source {
    private final Scorer scorer;
    private final Map<Answer, Score> known = new HashMap<>();

    /** @param scorer whose scores do not depend on the other answers of a call */
    ScoredOnce(Scorer scorer) {
        this.scorer = scorer;
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
                unknown.add(new Answer(answer.prompt(), answer.text()));
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
