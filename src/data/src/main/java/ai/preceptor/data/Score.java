package ai.preceptor.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scorer's number for one answer, or the reason why there is none. An answer that could not be scored never becomes a
 * 0.
 *
 * @param value the score in the scorer's own units, higher is better; finite if scored, else NaN
 * @param problem null if scored, else why not
 * @param parts what several scorers gave, where the score is made of theirs, in the order of the scorers and with names
 *     that differ; empty otherwise. An unscored answer may have some
 * @param critique what a judge wrote about the answer: untrusted text; null if nothing was written
 * @param tokenScores what stands in place of the value where tokens are rewarded one by one, such as scores of steps at their
 *     last tokens; tokens in increasing order. Empty for scorers of whole answers and where unscored
 */
public record Score(
        double value,
        @Nullable String problem,
        List<Part> parts,
        @Nullable String critique,
        List<TokenScore> tokenScores) {

    /** @throws IllegalArgumentException if a scored value is not finite, or an unscored one is not NaN */
    public Score {
        if (problem == null && !Double.isFinite(value)) {
            throw new IllegalArgumentException("value: expected a finite score, received " + value);
        }
        if (problem != null && !Double.isNaN(value)) {
            throw new IllegalArgumentException(
                    "value: expected NaN for an unscored answer (" + problem + "), received " + value);
        }
        parts = List.copyOf(parts);
        tokenScores = List.copyOf(tokenScores);
        for (int i = 0; i < tokenScores.size(); i++) {
            if (problem != null
                    || (i > 0
                            && tokenScores.get(i).token()
                                    <= tokenScores.get(i - 1).token())) {
                throw new IllegalArgumentException("tokenScores: expected "
                        + (problem == null ? "tokens in increasing order" : "none of an unscored answer")
                        + ", received "
                        + tokenScores);
            }
        }
    }

    /** A score of one scorer. */
    public Score(double value, @Nullable String problem) {
        this(value, problem, List.of(), null, List.of());
    }

    /**
     * A score.
     *
     * @throws IllegalArgumentException if the value is not finite
     */
    public static Score of(double value) {
        return new Score(value, null);
    }

    /** No score, and why. */
    public static Score unscored(String why) {
        return new Score(Double.NaN, why);
    }

    /** The same, made of these. */
    public Score with(List<Part> scores) {
        return new Score(value, problem, scores, critique, tokenScores);
    }

    /** The same with what was written about the answer; nothing if that is blank. */
    public Score with(String text) {
        return new Score(value, problem, parts, text.isBlank() ? null : text, tokenScores);
    }

    /** The same with scores of single tokens. */
    public Score withTokens(List<TokenScore> scores) {
        return new Score(value, problem, parts, critique, scores);
    }

    /** True if there is a value. */
    public boolean isScored() {
        return problem == null;
    }

    /**
     * The score of one token.
     *
     * @param token its index in the answer's sampled tokens, 0 or more
     * @param value in the scorer's own units, finite
     */
    public record TokenScore(int token, double value) {
        /** @throws IllegalArgumentException if the token is negative or the value not finite */
        public TokenScore {
            if (token < 0 || !Double.isFinite(value)) {
                throw new IllegalArgumentException(
                        "token score: expected a token from 0 and a finite value, received " + token + ", " + value);
            }
        }
    }

    /**
     * What one of several scorers gave.
     *
     * @param name the scorer's
     * @param value its score in its own units, unweighted; NaN where it gave none
     * @param weight what it counts in the sum, finite
     */
    public record Part(String name, double value, double weight) {
        /** @throws IllegalArgumentException if the value is infinite, or the weight is not finite */
        public Part {
            if (Double.isInfinite(value)) {
                throw new IllegalArgumentException(
                        "value of " + name + ": expected a finite score or NaN, received " + value);
            }
            if (!Double.isFinite(weight)) {
                throw new IllegalArgumentException(
                        "weight of " + name + ": expected a finite number, received " + weight);
            }
        }
    }
}
