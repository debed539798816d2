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
    /** A one with as many zeros as there are decimal places. */
    private static final double DIGITS = 1e10;

    /** From here on a double has no digits after the point. */
    private static final double WHOLE = 0x1p53;

    private Scores() {}

    /**
     * A sum or a difference of scores, rounded to 10 decimal places: equal ones are then equal, whatever was summed and in
     * which order. Numbers above 900,000 stay as they are.
     */
    public static double rounded(double computed) {
        double digits = computed * DIGITS;
        return Math.abs(digits) < WHOLE ? Math.rint(digits) / DIGITS : computed;
    }

    /**
     * The mean of several scores, {@link #rounded}; of one that one itself.
     *
     * @param sum of the scores
     * @param count how many they are, at least 1
     */
    public static double mean(double sum, int count) {
        return count == 1 ? sum : rounded(sum / count);
    }

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
