package ai.preceptor.eval;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.ScorerException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a scorer gives a model's answers on average: a reward model's reward, a rule's score.
 *
 * @param scorer its name
 * @param score over prompts, each the mean of its scored answers, in the scorer's units
 * @param unscored answers without a score, left out
 */
public record MeanScore(String scorer, MeanEstimate score, int unscored) {

    /**
     * Measures.
     *
     * @throws ScorerException if no answer is scored, or the scorer breaks its contract
     */
    public static MeanScore measure(Scorer scorer, AnswerSet answers) {
        List<Score> scores = scores(scorer, answers.answers());
        if (scores.stream().noneMatch(Score::isScored)) {
            throw new ScorerException(scorer.name() + ": scored none of " + scores.size() + " answers; the first: "
                    + scores.get(0).problem());
        }
        return of(scorer, answers, scores);
    }

    /**
     * The same, but null if no answer is scored.
     *
     * @throws ScorerException if the scorer breaks its contract
     */
    static @Nullable MeanScore measureIfAny(Scorer scorer, AnswerSet answers) {
        List<Score> scores = scores(scorer, answers.answers());
        return scores.stream().anyMatch(Score::isScored) ? of(scorer, answers, scores) : null;
    }

    private static MeanScore of(Scorer scorer, AnswerSet answers, List<Score> scores) {
        long unscored = scores.stream().filter(score -> !score.isScored()).count();
        List<double[]> byPrompt = answers.byPrompt(scores).stream()
                .map(own -> own.stream()
                        .filter(Score::isScored)
                        .mapToDouble(Score::value)
                        .toArray())
                .toList();
        return new MeanScore(scorer.name(), MeanEstimate.ofClusters(byPrompt), (int) unscored);
    }

    /** One score per answer, or a {@link ScorerException}. */
    static List<Score> scores(Scorer scorer, List<Answer> answers) {
        List<Score> scores = scorer.score(answers);
        if (scores.size() != answers.size()) {
            throw new ScorerException(
                    scorer.name() + ": " + scores.size() + " scores, must be one per answer: " + answers.size());
        }
        return scores;
    }
}
