package ai.preceptor.reward.process;

import ai.preceptor.train.Logistic;

/**
 * The loss of a process reward model.
 *
 * <p><b>Idea.</b> An answer's last number says too little and too late: read the model at the end of each step, and teach it
 * whether that step is right.
 *
 * <p><b>Formula.</b> With the two logits z_0 (wrong) and z_1 (right) at the end of a step of label y,
 *
 * <pre>  L = -log softmax(z)_y = -log sigmoid(z_y - z_{1-y})</pre>
 *
 * <p><b>Source.</b> Uesato et al. 2022, arXiv:2211.14275; Lightman et al. 2023, Let's Verify Step by Step, arXiv:2305.20050,
 * 2.6; TRL's {@code PRMTrainer}.
 *
 * <p><b>Departures.</b> None from TRL, whose mean is over the labeled steps of the batch, not over its answers. Lightman et
 * al. have a third label, neutral; give it as either of the two.
 *
 * <p><b>Shapes.</b> Two logits in; one number and two derivatives out.
 *
 * <p><b>Masking.</b> Only the last token of each step's separator is read.
 *
 * <p><b>When not to use it.</b> When only the outcome is known: labels of all steps that repeat it teach the model to guess the
 * end; {@code train_on_last_step_only}, or a reward model of whole answers, says what is known.
 */
public record StepLoss() {

    /**
     * The loss of one step and its derivatives.
     *
     * @param wrong logit of label 0
     * @param right logit of label 1
     * @param label whether the step is right
     */
    public Term evaluate(double wrong, double right, boolean label) {
        double margin = label ? right - wrong : wrong - right;
        double slope = Logistic.sigmoid(-margin);
        return new Term(-Logistic.logSigmoid(margin), label ? slope : -slope, label ? -slope : slope);
    }

    /** The probability that a step is right. */
    public static double probability(double wrong, double right) {
        return Logistic.sigmoid(right - wrong);
    }

    /**
     * The loss of one step.
     *
     * @param loss its value
     * @param wrongSlope derivative by the logit of label 0
     * @param rightSlope derivative by the logit of label 1
     */
    public record Term(double loss, double wrongSlope, double rightSlope) {}
}
