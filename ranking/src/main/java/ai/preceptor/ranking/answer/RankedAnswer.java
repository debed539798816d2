package ai.preceptor.ranking.answer;

import ai.preceptor.train.PlackettLuce;
import java.util.List;

/**
 * One answer of a group, as input of a ranking loss.
 *
 * @param logp summed log-probability of its tokens under the policy, in nats
 * @param referenceLogp the same under the frozen reference; not a number where the loss needs none
 * @param tokens its length, at least 1
 * @param score the teacher's score, higher is better
 */
public record RankedAnswer(double logp, double referenceLogp, int tokens, double score) {

    /** @throws IllegalArgumentException if {@code tokens < 1} or the score is not finite */
    public RankedAnswer {
        if (tokens < 1) {
            throw new IllegalArgumentException("answer: " + tokens + " tokens, must be at least 1");
        }
        if (!Double.isFinite(score)) {
            throw new IllegalArgumentException("answer: score " + score + ", must be finite");
        }
    }

    /** How much more likely the policy finds the answer than the reference does, in nats. */
    public double logratio() {
        return logp - referenceLogp;
    }

    /** Mean negative log-probability of a token, in nats. */
    public double nll() {
        return -logp / tokens;
    }

    /** Index of the answer with the highest score; the first of several. */
    public static int best(List<RankedAnswer> answers) {
        return PlackettLuce.ranking(scores(answers))[0];
    }

    /** The teacher's scores of answers. */
    public static List<Double> scores(List<RankedAnswer> answers) {
        return answers.stream().map(RankedAnswer::score).toList();
    }
}
