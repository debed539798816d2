package ai.preceptor.policy.credit;

import ai.preceptor.data.Score;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A batch of scored answers, from which advantages are made. The arrays are not copied and not to be changed.
 *
 * @param scores {@code [answers]}: the reward of each whole answer in the scorer's unit, without the KL penalty; not a
 *     number where unscored
 * @param kl {@code [answers][tokens]}: the estimated KL of each sampled token to the reference in nats, by the estimator of
 *     the reward; zeros without a reference
 * @param groups {@code [answers]}: equal numbers for answers to the same prompt, in any order
 * @param beta coefficient of the KL penalty in the reward, 0 or more
 * @param parts by the name of a scorer, where several make up the score: what it gave; {@link ScoredPart#SHAPING} where
 *     the weighted sum was changed afterwards. Empty where there is one scorer
 * @param values {@code [answers][tokens]}: a critic's estimate before each token; null without a critic
 * @param baselines {@code [answers]}: the score of a greedy answer to the same prompt, not a number where unscored; null
 *     where none was generated
 * @param tokenScores {@code [answers]}: scores of single tokens, which stand in place of the answer's score; an empty list for
 *     an answer of one score. Null where tokens are not rewarded by them
 */
@SuppressWarnings("ArrayRecordComponent") // large, and never compared
public record ScoredAnswers(
        double[] scores,
        List<double[]> kl,
        int[] groups,
        double beta,
        Map<String, ScoredPart> parts,
        @Nullable List<double[]> values,
        double @Nullable [] baselines,
        @Nullable List<List<Score.TokenScore>> tokenScores) {

    /** @throws IllegalArgumentException if the sizes differ, or {@code beta} is negative or not finite */
    public ScoredAnswers {
        if (!(beta >= 0) || Double.isInfinite(beta)) {
            throw new IllegalArgumentException("beta: " + beta + ", must be finite and 0 or more");
        }
        int answers = scores.length;
        require("kl", kl.size(), answers);
        require("groups", groups.length, answers);
        parts.forEach((name, part) -> require("parts of " + name, part.scores().length, answers));
        require("values", values == null ? answers : values.size(), answers);
        require("baselines", baselines == null ? answers : baselines.length, answers);
        require("tokenScores", tokenScores == null ? answers : tokenScores.size(), answers);
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts)); // sums are in its order, always the same
    }

    /** Of one scorer, without a critic. */
    public ScoredAnswers(double[] scores, List<double[]> kl, int[] groups, double beta) {
        this(scores, kl, groups, beta, Map.of(), null, null);
    }

    /** Without scores of tokens. */
    public ScoredAnswers(
            double[] scores,
            List<double[]> kl,
            int[] groups,
            double beta,
            Map<String, ScoredPart> parts,
            @Nullable List<double[]> values,
            double @Nullable [] baselines) {
        this(scores, kl, groups, beta, parts, values, baselines, null);
    }

    /** The same with scores of tokens, one list an answer. */
    public ScoredAnswers with(List<List<Score.TokenScore>> tokens) {
        return new ScoredAnswers(scores, kl, groups, beta, parts, values, baselines, tokens);
    }

    private static void require(String what, int found, int answers) {
        if (found != answers) {
            throw new IllegalArgumentException(what + ": " + found + ", must be one per answer: " + answers);
        }
    }

    /** How many answers there are. */
    public int size() {
        return scores.length;
    }

    /** Tokens of an answer. */
    public int length(int answer) {
        return kl.get(answer).length;
    }

    /** Whether an answer has a score. */
    public boolean isScored(int answer) {
        return !Double.isNaN(scores[answer]);
    }

    /** The score of an answer minus {@code beta} times its summed KL; not a number where unscored. */
    public double penalized(int answer) {
        double sum = 0;
        for (double token : kl.get(answer)) {
            sum += token;
        }
        return scores[answer] - beta * sum;
    }

    /**
     * The reward of each token of an answer: minus {@code beta} times its KL, and at the last token also the score, or at
     * each token its own where tokens have scores.
     */
    public double[] tokenRewards(int answer) {
        double[] rewards = kl.get(answer).clone();
        for (int t = 0; t < rewards.length; t++) {
            rewards[t] *= -beta;
        }
        for (Score.TokenScore token : scoresOfTokens(answer)) {
            rewards[token.token()] += token.value();
        }
        return rewards;
    }

    /** Scores of an answer's tokens; of an answer without any its score at the last one. */
    List<Score.TokenScore> scoresOfTokens(int answer) {
        List<Score.TokenScore> own = tokenScores == null ? List.of() : tokenScores.get(answer);
        return own.isEmpty() ? List.of(new Score.TokenScore(length(answer) - 1, scores[answer])) : own;
    }
}
