package ai.preceptor.ranking.unpaired;

/**
 * One labeled answer, as an unpaired loss sees it.
 *
 * @param logp summed log-probability of its tokens under the policy, in nats
 * @param referenceLogp the same under the frozen reference; not a number where the loss needs none
 * @param tokens its length, at least 1
 * @param desirable its label
 */
public record LabeledAnswer(double logp, double referenceLogp, int tokens, boolean desirable) {

    /** How much more likely the policy finds the answer than the reference does, in nats. */
    public double logratio() {
        return logp - referenceLogp;
    }
}
