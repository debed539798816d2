package ai.preceptor.teacher;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.ScorerException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Calls a scorer and checks its result: scores assigned to the wrong answers would train a model on noise. */
public final class Scores {
    private Scores() {}

    /**
     * One score per answer.
     *
     * @throws ScorerException if the scorer gave another number of them, or could score nothing
     */
    public static List<Score> of(Scorer scorer, List<Answer> answers) {
        List<Score> scores = scorer.score(answers);
        if (scores.size() != answers.size()) {
            throw new ScorerException(
                    scorer.name() + ": " + scores.size() + " scores, must be one per answer: " + answers.size());
        }
        return scores;
    }

    /**
     * The score of each of several distinct answers.
     *
     * @throws ScorerException as {@link #of}
     */
    public static Map<Answer, Score> byAnswer(Scorer scorer, Set<Answer> distinct) {
        List<Answer> answers = List.copyOf(distinct);
        List<Score> scores = of(scorer, answers);
        Map<Answer, Score> byAnswer = new HashMap<>();
        for (int i = 0; i < answers.size(); i++) {
            byAnswer.put(answers.get(i), scores.get(i));
        }
        return byAnswer;
    }
}
