package ai.preceptor.reward;

import ai.preceptor.train.OrderedPair;
import java.util.List;

/**
 * Bradley-Terry over a ranked group.
 *
 * <p><b>Idea.</b> A ranking says of every two answers which one is better; train on all of them together, so that a
 * prompt with many answers weighs no more than one with few.
 *
 * <p><b>Formula.</b> With P the strictly ordered pairs of the group,
 *
 * <pre>  L = 1/|P|  sum over (w, l) in P of  -log sigmoid(r_w - r_l) + c (r_w + r_l)^2</pre>
 *
 * <p><b>Source.</b> Ouyang et al. 2022, InstructGPT, arXiv:2203.02155, eq. 1, where |P| is K (K - 1) / 2.
 *
 * <p><b>Departures.</b> Answers with equal scores make no pair.
 *
 * <p><b>Shapes.</b> K rewards and K scores in; one number and K derivatives out.
 *
 * <p><b>Masking.</b> As {@link BradleyTerryLoss}.
 *
 * <p><b>When not to use it.</b> When the pairs of a group contradict each other, as single verdicts may: give them as pairs.
 *
 * @param pair the loss of a pair
 */
public record AllPairsLoss(BradleyTerryLoss pair) implements RankedRewardLoss {

    @Override
    public String name() {
        return "bradley_terry";
    }

    @Override
    public Term evaluate(double[] rewards, List<Double> scores) {
        RankedRewardLoss.requireScores(rewards, scores);
        double[] slopes = new double[rewards.length];
        List<OrderedPair> pairs = OrderedPair.of(scores);
        double loss = 0;
        for (OrderedPair ordered : pairs) {
            BradleyTerryLoss.Term term = pair.evaluate(rewards[ordered.better()], rewards[ordered.worse()], 0);
            loss += term.loss() / pairs.size();
            slopes[ordered.better()] += term.chosenSlope() / pairs.size();
            slopes[ordered.worse()] += term.rejectedSlope() / pairs.size();
        }
        return new Term(loss, slopes);
    }
}
