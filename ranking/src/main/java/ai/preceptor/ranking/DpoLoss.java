package ai.preceptor.ranking;

import java.util.List;
import java.util.Map;

/**
 * Direct preference optimization.
 *
 * <p><b>Idea.</b> The policy that is optimal for a reward under a KL penalty determines that reward: {@code r(x, y) =
 * beta log(pi(y|x) / pi_ref(y|x))} up to a term of the prompt alone. So a Bradley-Terry model of the preferences can be
 * fitted by training the policy itself, without a reward model and without sampling.
 *
 * <p><b>Formula.</b> With {@code h(y) = log pi(y|x) - log pi_ref(y|x)}, summed over the answer's tokens, a pair of a
 * better answer w and a worse answer l costs, for {@link DpoLossType#SIGMOID},
 *
 * <pre>  L = -log sigmoid(beta (h(w) - h(l)))</pre>
 *
 * <p><b>Source.</b> Rafailov et al. 2023, Direct Preference Optimization, arXiv:2305.18290, eq. 7; the other forms name
 * theirs at {@link DpoLossType}.
 *
 * <p><b>Departures.</b> The paper knows pairs only. A group of K ranked answers becomes all of its strictly ordered
 * pairs (ties make none), and the group's loss is their mean: every prompt weighs the same whatever its K, and a group of
 * two is a pair. A group without a strictly ordered pair costs nothing. As in TRL, {@code label_smoothing} has no effect
 * on {@code sigmoid}.
 *
 * <p><b>Shapes.</b> K answers in; one number and K derivatives out, each the same for all tokens of its answer.
 *
 * <p><b>Masking.</b> Completion tokens only, each answer's end of turn among them; prompts take no part.
 *
 * <p><b>When not to use it.</b> When most pairs were written by much stronger models than the student, it lowers the
 * likelihood of the chosen answers too ({@code logps/chosen} falls): warm up by SFT on them first. With nearly
 * deterministic preferences it overfits; raise {@code beta} or stop early.
 *
 * @param type form of the loss
 * @param beta strength of the pull to the reference, above 0; TRL's default and the paper's usual value is 0.1
 * @param labelSmoothing probability that a label is flipped, in [0, 0.5); 0 by default
 */
public record DpoLoss(DpoLossType type, double beta, double labelSmoothing) implements RankingLoss {

    /** @throws IllegalArgumentException if {@code beta} is not above 0 or {@code labelSmoothing} not in [0, 0.5) */
    public DpoLoss {
        if (!(beta > 0) || Double.isInfinite(beta)) {
            throw new IllegalArgumentException("beta: " + beta + ", must be finite and above 0");
        }
        if (!(labelSmoothing >= 0 && labelSmoothing < 0.5)) {
            throw new IllegalArgumentException("label_smoothing: " + labelSmoothing + ", must be in [0, 0.5)");
        }
    }

    /** The sigmoid form without smoothing. */
    public static DpoLoss sigmoid(double beta) {
        return new DpoLoss(DpoLossType.SIGMOID, beta, 0);
    }

    @Override
    public String name() {
        return "dpo";
    }

    @Override
    public boolean needsReference() {
        return true;
    }

    /**
     * Mean loss over the group's strictly ordered pairs; the rewards are {@code beta} times the log-ratios.
     *
     * @param answers the answers to one prompt in any order
     */
    @Override
    public GroupLoss evaluate(List<RankedAnswer> answers) {
        double[] gradient = new double[answers.size()];
        double[] rewards =
                answers.stream().mapToDouble(answer -> beta * answer.logratio()).toArray();
        List<OrderedPair> pairs = OrderedPair.of(answers);
        double loss = 0;
        for (OrderedPair pair : pairs) {
            DpoLossType.PairTerm term = type.term(
                    answers.get(pair.better()).logratio(),
                    answers.get(pair.worse()).logratio(),
                    this);
            loss += term.loss() / pairs.size();
            gradient[pair.better()] += term.chosenSlope() / pairs.size();
            gradient[pair.worse()] += term.rejectedSlope() / pairs.size();
        }
        return new GroupLoss(loss, gradient, rewards, Map.of());
    }
}
