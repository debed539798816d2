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
 * @param difference to the score of a baseline, prompt by prompt, over prompts to which both have a scored answer; null without a
 *     baseline or such a prompt, and for a {@link Scorer#isRelative relative} scorer
 */
public record MeanScore(
        String scorer,
        MeanEstimate score,
        int unscored,
        @Nullable MeanEstimate difference) {
    /** Without a baseline. */
    public MeanScore(String scorer, MeanEstimate score, int unscored) {
        this(scorer, score, unscored, null);
    }

    /**
     * Measures.
     *
     * @throws ScorerException if no answer is scored, or the scorer breaks its contract
     */
    public static MeanScore measure(Scorer scorer, AnswerSet answers) {
        return measure(scorer, answers, null);
    }

    /**
     * The same, and the difference to a baseline, whose answers are scored too.
     *
     * @param baseline answers to the same prompts; null for none
     * @throws IllegalArgumentException if the prompts differ
     * @throws ScorerException if no answer is scored, or the scorer breaks its contract
     */
    public static MeanScore measure(Scorer scorer, AnswerSet answers, @Nullable AnswerSet baseline) {
        List<Score> scores = scores(scorer, answers.answers());
        if (scores.stream().noneMatch(Score::isScored)) {
            throw new ScorerException(scorer.name() + ": scored none of " + scores.size() + " answers; the first: "
                    + scores.get(0).problem());
        }
        return of(scorer, answers, scores, baseline);
    }

    /**
     * The same, but null if no answer is scored.
     *
     * @throws IllegalArgumentException if the prompts differ
     * @throws ScorerException if the scorer breaks its contract
     */
    static @Nullable MeanScore measureIfAny(Scorer scorer, AnswerSet answers, @Nullable AnswerSet baseline) {
        List<Score> scores = scores(scorer, answers.answers());
        return scores.stream().anyMatch(Score::isScored) ? of(scorer, answers, scores, baseline) : null;
    }

    private static MeanScore of(Scorer scorer, AnswerSet answers, List<Score> scores, @Nullable AnswerSet baseline) {
        long unscored = scores.stream().filter(score -> !score.isScored()).count();
        List<double[]> own = byPrompt(answers, scores);
        MeanEstimate difference = null;
        if (baseline != null && !scorer.isRelative()) {
            answers.requireSamePrompts(baseline);
            difference = MeanEstimate.ofDifferences(own, byPrompt(baseline, scores(scorer, baseline.answers())));
        }
        return new MeanScore(scorer.name(), MeanEstimate.ofClusters(own), (int) unscored, difference);
    }

    private static List<double[]> byPrompt(AnswerSet answers, List<Score> scores) {
        return answers.byPrompt(scores).stream()
                .map(own -> own.stream()
                        .filter(Score::isScored)
                        .mapToDouble(Score::value)
                        .toArray())
                .toList();
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
