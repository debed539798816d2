package ai.preceptor.ranking;

import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.ranking.group.ProTemperature;
import ai.preceptor.ranking.group.ProTies;
import ai.preceptor.ranking.group.SftReduction;
import ai.preceptor.ranking.pair.DpoLoss;
import ai.preceptor.ranking.pair.DpoLossType;
import ai.preceptor.ranking.pair.FDivergence;
import ai.preceptor.ranking.pair.PairOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Settings of preference training. */
public record RankingSettings(
        @Key(help = "loss; DPO's variants can be mixed: [sigmoid, sft]", defaultValue = "sigmoid")
        List<RankLossType> lossType,

        @Key(help = "DPO: weight of each loss_type in a mixture", defaultText = "1 each") @Nullable
        List<Double> lossWeights,

        @Key(
                help = "DPO, KTO: strength of the regularization towards the reference; CPO, SimPO: scale of "
                        + "the rewards; ORPO: weight of the odds ratio",
                defaultValue = "0.1",
                range = "(0, inf)")
        double beta,

        @Key(
                help = "assumed share of wrong labels (robust, exo_pair, aot, cdpo, cpo, simpo; sigmoid ignores "
                        + "it, as in TRL)",
                defaultValue = "0",
                range = "[0, 0.5)")
        double labelSmoothing,

        @Key(help = "DPO: divergence between policy and reference", defaultValue = "reverse_kl")
        FDivergence fDivergenceType,

        @Key(help = "DPO: coefficient of alpha_divergence", defaultValue = "" + DpoLoss.DIVERGENCE_ALPHA)
        double fAlphaDivergenceCoef,

        @Key(help = "DPO: weight of tokens beyond the shorter answer's length (LD-DPO)", range = "[0, 1]") @Nullable
        Double ldAlpha,

        @Key(help = "DPO: weight pairs by their likelihood under the policy (WPO)", defaultValue = "false")
        boolean useWeighting,

        @Key(help = "DPO: temperature of discopop", defaultValue = "" + DpoLoss.DISCOPOP_TAU, range = "(0, inf)")
        double discopopTau,

        @Key(
                help = "CPO, SimPO: weight of the supervised term; the SimPO paper uses 0",
                defaultValue = "1",
                range = "[0, inf)")
        double cpoAlpha,

        @Key(help = "SimPO: target reward margin", defaultValue = "0.5")
        double simpoGamma,

        @Key(help = "AlphaPO: shape parameter of the reward; 0 for log-probabilities", defaultValue = "0")
        double alpha,

        @Key(help = "KTO, BCO: weight of desirable answers", defaultValue = "1", range = "[0, inf)")
        double desirableWeight,

        @Key(help = "KTO, BCO: weight of undesirable answers", defaultValue = "1", range = "[0, inf)")
        double undesirableWeight,

        @Key(help = "RRHF: weight of the ranking term", defaultValue = "1", range = "[0, inf)")
        double rrhfWeight,

        @Key(
                help = "RRHF: exponent of the length that divides an answer's log-probability",
                defaultValue = "1",
                range = "[0, inf)")
        double lengthPenalty,

        @Key(help = "RRHF: how token losses of the best answer are aggregated", defaultValue = "sum")
        SftReduction sftReduction,

        @Key(help = "PRO: temperature of a contrast: by the difference of scores, or none", defaultValue = "reward")
        ProTemperature proTemperature,

        @Key(help = "PRO: weight of the supervised loss, times (K-1)^2", defaultValue = "0.05", range = "[0, inf)")
        double sftWeight,

        @Key(help = "PRO: rank equal scores in file order, or skip their contrast", defaultValue = "order")
        ProTies proTies) {

    /** @throws ai.preceptor.data.ConfigurationException naming every value that is not legal or does not fit the others */
    public RankingSettings {
        Refusals refusals = Refusals.of(
                RankingSettings.class,
                lossType,
                lossWeights,
                beta,
                labelSmoothing,
                fDivergenceType,
                fAlphaDivergenceCoef,
                ldAlpha,
                useWeighting,
                discopopTau,
                cpoAlpha,
                simpoGamma,
                alpha,
                desirableWeight,
                undesirableWeight,
                rrhfWeight,
                lengthPenalty,
                sftReduction,
                proTemperature,
                sftWeight,
                proTies);
        Optional<RankLossType> single =
                lossType.stream().filter(type -> type.dpo() == null).findFirst();
        if (lossType.isEmpty()) {
            refusals.refuse("loss_type", "expected at least one, found []");
        } else if (lossWeights != null && lossWeights.size() != lossType.size()) {
            refusals.refuse(
                    "loss_weights",
                    "expected as many as loss_type has, " + lossType.size() + ", found " + lossWeights.size());
        } else if (single.isEmpty()) {
            List<DpoLoss.Form> forms = forms(lossType, lossWeights);
            DpoLoss.conflicts(forms, labelSmoothing, fDivergenceType)
                    .forEach(problem -> refusals.refuse(problem.key(), problem.message()));
            if (useWeighting && forms.stream().anyMatch(form -> form.type().couplesPairs())) {
                refusals.refuse(
                        "use_weighting", "expected false with aot and aot_unpaired, which sort the pairs, found true");
            }
        } else {
            String name = single.get().name().toLowerCase(Locale.ROOT);
            if (lossType.size() > 1) {
                refusals.refuse("loss_type", mixed(name, lossType));
            }
            String others = "expected a form of DPO as loss_type, found " + name;
            refuse("loss_weights", lossWeights != null, others, refusals);
            refuse("ld_alpha", ldAlpha != null, others, refusals);
            refuse("use_weighting", useWeighting, others, refusals);
            refuse("f_divergence_type", fDivergenceType != FDivergence.REVERSE_KL, others, refusals);
        }
        refusals.throwIfAny();
        lossType = List.copyOf(lossType);
    }

    private static void refuse(String key, boolean given, String message, Refusals refusals) {
        if (given) {
            refusals.refuse(key, message);
        }
    }

    private static String mixed(String name, List<RankLossType> lossType) {
        return "expected " + name + " alone: only forms of DPO can be mixed, found " + KeyName.shown(lossType);
    }

    /** The method. */
    public RankMethod method() {
        return lossType.get(0).method(this);
    }

    /** The mixture of DPO's forms. */
    RankMethod dpo() {
        DpoLoss loss = new DpoLoss(
                forms(lossType, lossWeights), beta, labelSmoothing, fDivergenceType, fAlphaDivergenceCoef, discopopTau);
        return new RankMethod.Pairs(loss, new PairOptions(ldAlpha, useWeighting));
    }

    private static List<DpoLoss.Form> forms(List<RankLossType> lossType, @Nullable List<Double> lossWeights) {
        List<DpoLoss.Form> forms = new ArrayList<>();
        for (int i = 0; i < lossType.size(); i++) {
            DpoLossType type = lossType.get(i).dpo();
            if (type != null) {
                forms.add(new DpoLoss.Form(type, lossWeights == null ? 1 : lossWeights.get(i)));
            }
        }
        return forms;
    }
}
