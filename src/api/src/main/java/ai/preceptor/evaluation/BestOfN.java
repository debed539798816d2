package ai.preceptor.evaluation;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.eval.AnswerSet;
import ai.preceptor.teacher.Scores;
import java.util.ArrayList;
import java.util.List;

/**
 * Best-of-n sampling: of n answers to a prompt the one with the highest reward. The best of the first n of more answers is
 * that of n, so one set of answers serves every n.
 */
final class BestOfN {
    private final AnswerSet answers;
    private final List<List<Score>> rewards;
    private final int samples;

    /**
     * Scores all answers.
     *
     * @param answers to each prompt {@code samples} times the largest n
     * @param samples answers to each prompt that are chosen
     */
    BestOfN(AnswerSet answers, int samples, Scorer reward) {
        this.answers = answers;
        this.samples = samples;
        this.rewards = answers.byPrompt(Scores.of(reward, answers.answers()));
    }

    /** The largest n. */
    int most() {
        return rewards.get(0).size() / samples;
    }

    /**
     * The best of n, as many for each prompt as are chosen, each of other answers. Of equal rewards the first is taken; an
     * answer without one only if all n have none.
     *
     * @param n at most {@link #most}
     */
    AnswerSet best(int n) {
        List<List<Completion>> best = new ArrayList<>();
        for (int i = 0; i < rewards.size(); i++) {
            List<Completion> own = new ArrayList<>();
            for (int k = 0; k < samples; k++) {
                own.add(answers.completions().get(i).get(best(rewards.get(i), k, n)));
            }
            best.add(own);
        }
        return new AnswerSet(answers.prompts(), best);
    }

    /** The k-th choice is among every {@code samples}-th answer from the k-th, so that it does not depend on the largest n. */
    private int best(List<Score> scores, int k, int n) {
        int best = k;
        for (int j = 1; j < n; j++) {
            Score score = scores.get(k + j * samples);
            Score before = scores.get(best);
            if (score.isScored() && (!before.isScored() || score.value() > before.value())) {
                best = k + j * samples;
            }
        }
        return best;
    }

    /**
     * An upper bound on the KL divergence of best-of-n to the model whose answers it chooses from, {@code log n - (n-1)/n}
     * nats per answer. It is nearly reached where every single answer is improbable and no rewards are equal.
     *
     * <p>Source: Beirami et al. 2024, Theoretical Guarantees on the Best-of-n Alignment Policy, arXiv:2401.01879.
     */
    static double klBound(int n) {
        return Math.log(n) - (n - 1.0) / n;
    }
}
