package ai.preceptor.ranking.pair;

import ai.preceptor.data.Problem;
import ai.preceptor.data.setting.Range;
import ai.preceptor.ranking.answer.RankedAnswer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * Direct preference optimization and its family.
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
 * <p>Other forms stand at {@link DpoLossType}; several make their weighted sum. A divergence puts {@code f'(exp h)} in the
 * place of h ({@link FDivergence}).
 *
 * <p><b>Source.</b> Rafailov et al. 2023, Direct Preference Optimization, arXiv:2305.18290, eq. 7; the other forms name
 * theirs. The sum of several: Wang et al. 2024, MPO, arXiv:2411.10442.
 *
 * <p><b>Departures.</b> None from TRL 1.16, whose choices are kept: {@code label_smoothing} has no effect on
 * {@code sigmoid}; {@code ipo} works on token means; {@code sppo_hard} has labels 1 and 0. The paper knows pairs only; a
 * group of K ranked answers becomes its strictly ordered pairs, each with an equal share of the row.
 *
 * <p><b>When not to use it.</b> When most pairs were written by much stronger models than the student, it lowers the
 * likelihood of the chosen answers too ({@code logps/chosen} falls): warm up by SFT on them first, or add {@code sft}.
 * With nearly deterministic preferences it overfits; raise {@code beta} or stop early.
 *
 * @param forms what is added up, at least one
 * @param beta strength of the pull to the reference, above 0; TRL's default and the paper's usual value is 0.1
 * @param labelSmoothing probability that a label is flipped, in [0, 0.5); 0 by default
 * @param divergence what holds the policy near the reference
 * @param divergenceAlpha coefficient of the alpha divergence
 * @param discopopTau temperature of {@link DpoLossType#DISCOPOP}, above 0
 */
public record DpoLoss(
        List<Form> forms,
        double beta,
        double labelSmoothing,
        FDivergence divergence,
        double divergenceAlpha,
        double discopopTau)
        implements PairLoss {

    /** TRL's {@code f_alpha_divergence_coef}. */
    public static final double DIVERGENCE_ALPHA = 0.5;
    /** TRL's {@code discopop_tau}, the paper's value. */
    public static final double DISCOPOP_TAU = 0.05;

    /** A form of the loss and its weight in the sum. */
    public record Form(DpoLossType type, double weight) {}

    /** @throws IllegalArgumentException if numbers are out of range or a form does not go with them */
    public DpoLoss {
        forms = List.copyOf(forms);
        Range.require("beta", beta, "(0, inf)");
        Range.require("label_smoothing", labelSmoothing, "[0, 0.5)");
        Range.require("discopop_tau", discopopTau, "(0, inf)");
        List<Problem> problems = conflicts(forms, labelSmoothing, divergence);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
        }
    }

    /** What does not go together in a loss of these forms; empty if all does. For the settings of {@code ranking}. */
    public static List<Problem> conflicts(List<Form> forms, double labelSmoothing, FDivergence divergence) {
        List<Problem> problems = new ArrayList<>();
        if (forms.isEmpty()) {
            problems.add(new Problem("loss_type", "no form, must be at least one"));
        }
        for (Form form : forms) {
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
                                + ", must be reverse_kl: its loss is not a function of a difference of scores"));
            }
        }
        return problems;
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** One form, held by the reverse KL. */
    public DpoLoss(DpoLossType type, double beta, double labelSmoothing) {
        this(List.of(new Form(type, 1)), beta, labelSmoothing, FDivergence.REVERSE_KL, DIVERGENCE_ALPHA, DISCOPOP_TAU);
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

    @Override
    public OptionalDouble klCoefficient() {
        return OptionalDouble.of(beta);
    }

    @Override
    public double imitation() {
        return forms.stream()
                .filter(form -> form.type() == DpoLossType.SFT)
                .mapToDouble(Form::weight)
                .sum();
    }

    @Override
    public boolean couplesPairs() {
        return forms.stream().anyMatch(form -> form.type().couplesPairs());
    }

    /** Loss and gradient of each pair; the rewards are {@code beta} times the log-ratios. */
    @Override
    public List<PairTerm> terms(List<AnswerPair> pairs) {
        PairTerm[] terms = new PairTerm[pairs.size()];
        Arrays.setAll(terms, i -> eachByItself(pairs.get(i)));
        for (Form form : forms) {
            if (form.type().couplesPairs()) {
                OptimalTransport.add(pairs, form.type() == DpoLossType.AOT, this, form.weight(), terms);
            }
        }
        return List.of(terms);
    }

    private PairTerm eachByItself(AnswerPair pair) {
        PairTerm sum = PairTerm.of(0, 0, 0);
        for (Form form : forms) {
            sum = sum.plus(form.type().of(pair, this), form.weight() * pair.weight());
        }
        double chosen = pair.chosen().logratio();
        double rejected = pair.rejected().logratio();
        return new PairTerm(
                sum.loss(),
                sum.chosenSlope() * divergence.slope(chosen, divergenceAlpha),
                sum.rejectedSlope() * divergence.slope(rejected, divergenceAlpha),
                beta * chosen,
                beta * rejected,
                Map.of());
    }

    /** What the divergence makes of an answer's log-ratio, in nats. */
    double score(RankedAnswer answer) {
        return divergence.score(answer.logratio(), divergenceAlpha);
    }
}
