package ai.preceptor.teacher.elicit;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.source.Repeats;
import ai.preceptor.teacher.Scores;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Scores the answers of a batch that have no score. */
final class BatchScores {
    private BatchScores() {}

    /** @throws ai.preceptor.data.ScorerException if the teacher could score nothing */
    static List<Elicited> of(List<Elicited> rows, Scorer teacher) {
        return teacher.isRelative() ? scoreApart(rows, teacher) : score(rows, teacher);
    }

    /** Scores rows with equal prompts in different calls: a teacher of groups would take them for one. */
    private static List<Elicited> scoreApart(List<Elicited> rows, Scorer teacher) {
        int[] occurrences = Repeats.before(rows.stream().map(Elicited::prompt).toList());
        Map<Integer, List<Integer>> calls = new TreeMap<>();
        for (int i = 0; i < rows.size(); i++) {
            calls.computeIfAbsent(occurrences[i], first -> new ArrayList<>()).add(i);
        }
        List<Elicited> scored = new ArrayList<>(rows);
        for (List<Integer> places : calls.values()) {
            List<Elicited> own = score(places.stream().map(rows::get).toList(), teacher);
            for (int i = 0; i < places.size(); i++) {
                scored.set(places.get(i), own.get(i));
            }
        }
        return scored;
    }

    /**
     * Offers every answer without a score to the teacher, equal ones once. A teacher whose scores depend on the other answers
     * gets all answers to the prompt again.
     */
    private static List<Elicited> score(List<Elicited> rows, Scorer teacher) {
        Set<Answer> distinct = new LinkedHashSet<>();
        for (Elicited row : rows) {
            boolean whole = teacher.isRelative() && row.answers().stream().anyMatch(ScoredAnswer::wantsScore);
            for (ScoredAnswer answer : row.answers()) {
                if (answer.wantsScore() || (whole && !answer.isBlank())) {
                    distinct.add(Answer.of(row.prompt(), answer.text()));
                }
            }
        }
        if (distinct.isEmpty()) {
            return rows;
        }
        Map<Answer, Score> scores = Scores.byAnswer(teacher, distinct);
        return rows.stream().map(row -> scored(row, scores)).toList();
    }

    private static Elicited scored(Elicited row, Map<Answer, Score> scores) {
        return new Elicited(
                row.prompt(),
                row.answers().stream()
                        .map(answer -> answer.withScore(
                                better(answer.score(), scores.get(Answer.of(row.prompt(), answer.text())))))
                        .toList());
    }

    /** A score that was given stays where the teacher gives none when it is asked again. */
    private static Score better(Score known, @Nullable Score given) {
        return given == null || (known.isScored() && !given.isScored()) ? known : given;
    }
}
