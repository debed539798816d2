package ai.preceptor.reward;

import ai.preceptor.data.setting.Range;
import ai.preceptor.train.Logistic;

/**
 * The Bradley-Terry loss of a reward model.
 *
 * <p><b>Idea.</b> The probability that one answer is preferred to another grows with the difference of their rewards, as a
 * logistic function; fit the rewards by maximum likelihood.
 *
 * <p><b>Formula.</b> With the rewards w of the chosen and l of the rejected answer, the probability p that the first is
 * indeed the better one, a margin m and a coefficient c,
 *
 * <pre>  L = -p log sigmoid(w - l - m) - (1 - p) log sigmoid(l - w - m) + c (w + l)^2</pre>
 *
 * <p><b>Source.</b> Bradley and Terry 1952; Ouyang et al. 2022, InstructGPT, arXiv:2203.02155, eq. 1; the margin is
 * Touvron et al. 2023, Llama 2, arXiv:2307.09288, eq. 2; the centring term is Eisenstein et al. 2023, Helping or Herding,
 * arXiv:2312.09244, eq. 2, with coefficient 0.01; a probability for a label is Christiano et al. 2017, arXiv:1706.03741,
 * 2.2.3, and a teacher's Lee et al. 2023, RLAIF, arXiv:2309.00267.
 *
 * <p><b>Departures.</b> None from TRL. InstructGPT takes all pairs of a prompt's K answers as one element; here each pair
 * is a row ({@link AllPairsLoss} does as they do). A margin holds for either verdict, so that swapping the answers and
 * taking 1 - p changes nothing. TRL has no p.
 *
 * <p><b>Shapes.</b> Two rewards in; one number and two derivatives out.
 *
 * <p><b>Masking.</b> The rewards are read at the last token of each answer; no other position takes part.
 *
 * <p><b>When not to use it.</b> When preferences are not transitive, or ties are frequent: it has no probability for a tie.
 * Without centring, rewards are known only up to a constant of the prompt; do not compare them across prompts.
 *
 * @param centerRewardsCoefficient the coefficient c, 0 or more; 0, the default, leaves the rewards' level free
 */
public record BradleyTerryLoss(double centerRewardsCoefficient) {

    /** @throws IllegalArgumentException if the coefficient is negative or not finite */
    public BradleyTerryLoss {
        Range.require("center_rewards_coefficient", centerRewardsCoefficient, "[0, inf)");
    }

    /** The plain loss, without centring. */
    public BradleyTerryLoss() {
        this(0);
    }

    /**
     * The loss of one pair of a certain label and its derivatives.
     *
     * @param chosen reward of the better answer
     * @param rejected reward of the worse answer
     * @param margin by how much the first should exceed the second; 0 for a plain preference
     */
    public Term evaluate(double chosen, double rejected, double margin) {
        return evaluate(chosen, rejected, margin, 1);
    }

    /**
     * The loss of one pair and its derivatives.
     *
     * @param chosen reward of the preferred answer
     * @param rejected reward of the other
     * @param margin by how much the better should exceed the worse; 0 for a plain preference
     * @param probability that the label is right, in [0, 1]
     */
    public Term evaluate(double chosen, double rejected, double margin, double probability) {
        double right = chosen - rejected - margin;
        double wrong = rejected - chosen - margin;
        double level = chosen + rejected;
        double loss = -probability * Logistic.logSigmoid(right)
                - (1 - probability) * Logistic.logSigmoid(wrong)
                + centerRewardsCoefficient * level * level;
        double slope = (1 - probability) * Logistic.sigmoid(-wrong) - probability * Logistic.sigmoid(-right);
        double pull = 2 * centerRewardsCoefficient * level;
        return new Term(loss, slope + pull, pull - slope);
    }

    /**
     * The loss of one pair.
     *
     * @param loss its value
     * @param chosenSlope derivative by the chosen answer's reward
     * @param rejectedSlope derivative by the rejected answer's reward
     */
    public record Term(double loss, double chosenSlope, double rejectedSlope) {}
}
