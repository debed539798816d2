package ai.preceptor.policy.credit;

import ai.preceptor.data.Score;
import ai.preceptor.train.sampling.Groups;
import ai.preceptor.train.sampling.Moments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * GRPO with process supervision: scores of steps, shifted and scaled by those of all steps of all answers to the prompt; a
 * token's advantage is the sum of those of the steps that end at it or later.
 *
 * <pre>
 *   n_i,j = (s_i,j - mean of the group's steps) / (deviation of the group's steps + 1e-4)
 *   A_i,t = sum over steps j that end at t or later of n_i,j  -  beta sum of the KL from t on</pre>
 *
 * <p>Source: Shao et al. 2024, DeepSeekMath, arXiv:2402.03300, 4.1.3. Departures: the small number in the divisor, and the KL
 * term where the KL is in the reward; theirs is in the loss. An answer of one score is one step that ends at its last token.
 * An unscored answer, and one whose group has a single scored answer, gets 0 and takes no part.
 *
 * @param scaled whether to divide by the deviation, as in the paper
 */
public record StepGroupRelative(boolean scaled) implements CreditAssignment {
    @Override
    public Credit assign(ScoredAnswers batch) {
        List<double[]> advantages = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            advantages.add(new double[batch.length(i)]);
        }
        for (int[] group : Groups.of(batch.scores(), batch.groups()).members()) {
            int[] scored = Arrays.stream(group).filter(batch::isScored).toArray();
            if (scored.length > 1) {
                Moments steps = Moments.of(Arrays.stream(scored)
                        .boxed()
                        .flatMap(i -> batch.scoresOfTokens(i).stream())
                        .mapToDouble(Score.TokenScore::value)
                        .toArray());
                double divisor = scaled ? steps.deviation() + Advantages.EPSILON : 1;
                for (int i : scored) {
                    fill(advantages.get(i), batch, i, steps.mean(), divisor);
                }
            }
        }
        return new Credit(advantages);
    }

    private static void fill(double[] advantages, ScoredAnswers batch, int answer, double mean, double divisor) {
        for (Score.TokenScore step : batch.scoresOfTokens(answer)) {
            advantages[step.token()] += (step.value() - mean) / divisor;
        }
        double later = 0;
        for (int t = advantages.length - 1; t >= 0; t--) {
            later += advantages[t] - batch.beta() * batch.kl().get(answer)[t];
            advantages[t] = later;
        }
    }

    @Override
    public String name() {
        return scaled ? "group_relative of steps" : "group_relative of steps, unscaled";
    }

    @Override
    public int fewestScored() {
        return 2;
    }

    @Override
    public boolean readsTokenScores() {
        return true;
    }
}
