package ai.preceptor.ranking.pair;

import ai.preceptor.data.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the settings of a {@link DpoLoss} must fulfil together. */
public final class DpoConditions {

    private DpoConditions() {}

    /** What is wrong with settings, each with the key, the value and what is legal; empty if nothing is. */
    public static List<Problem> problems(
            List<DpoLoss.Form> forms, double beta, double labelSmoothing, FDivergence divergence, double discopopTau) {
        List<Problem> problems = new ArrayList<>();
        if (forms.isEmpty()) {
            problems.add(new Problem("loss_type", "no form, must be at least one"));
        }
        if (!(beta > 0) || Double.isInfinite(beta)) {
            problems.add(new Problem("beta", beta + ", must be finite and above 0"));
        }
        if (!(labelSmoothing >= 0 && labelSmoothing < 0.5)) {
            problems.add(new Problem("label_smoothing", labelSmoothing + ", must be in [0, 0.5)"));
        }
        if (!(discopopTau > 0) || Double.isInfinite(discopopTau)) {
            problems.add(new Problem("discopop_tau", discopopTau + ", must be finite and above 0"));
        }
        for (DpoLoss.Form form : forms) {
            if (!Double.isFinite(form.weight())) {
                problems.add(new Problem("loss_weights", form.weight() + ", must be finite"));
            }
            if (form.type() == DpoLossType.EXO_PAIR && labelSmoothing == 0) {
                problems.add(new Problem("label_smoothing", "0.0, must be above 0 for exo_pair (its paper has 1e-3)"));
            }
            if (divergence != FDivergence.REVERSE_KL && !form.type().onMargins()) {
                problems.add(new Problem(
                        "f_divergence_type",
                        lower(divergence) + " with " + lower(form.type())
                                + ", must be reverse_kl: its loss is no function of a difference of scores"));
            }
        }
        return problems;
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
