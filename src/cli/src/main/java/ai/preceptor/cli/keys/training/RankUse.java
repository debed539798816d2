package ai.preceptor.cli.keys.training;

import ai.preceptor.cli.keys.UnusedKeys;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.ranking.RankLossType;
import ai.preceptor.ranking.pair.FDivergence;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The losses of {@code rank}, as far as they say which keys have an effect. A key without one is refused where it is written;
 * at the top of a recipe it is for other stages.
 *
 * @param losses those of {@code loss_type}; none where there is a loss of one's own
 * @param divergence the key
 */
public record RankUse(List<RankLossType> losses, FDivergence divergence) {
    /** Keys that not every loss reads, with the losses that do; keys of all forms of DPO are checked by their settings. */
    private static final Map<String, Set<RankLossType>> READERS = readers();

    private static Map<String, Set<RankLossType>> readers() {
        Set<RankLossType> cpo =
                EnumSet.of(RankLossType.CPO, RankLossType.CPO_HINGE, RankLossType.CPO_IPO, RankLossType.SIMPO);
        Set<RankLossType> bent = EnumSet.copyOf(cpo);
        bent.add(RankLossType.ALPHAPO);
        Set<RankLossType> unpaired = EnumSet.of(RankLossType.KTO, RankLossType.APO_ZERO_UNPAIRED, RankLossType.BCO);
        Set<RankLossType> rrhf = EnumSet.of(RankLossType.RRHF);
        Set<RankLossType> pro = EnumSet.of(RankLossType.PRO);
        Map<String, Set<RankLossType>> readers = new LinkedHashMap<>();
        readers.put(
                "beta", EnumSet.complementOf(EnumSet.of(RankLossType.RRHF, RankLossType.PRO, RankLossType.LISTMLE)));
        readers.put(
                "label_smoothing",
                EnumSet.of(
                        RankLossType.SIGMOID, // ignores it, as TRL's does
                        RankLossType.CDPO,
                        RankLossType.ROBUST,
                        RankLossType.EXO_PAIR,
                        RankLossType.AOT,
                        RankLossType.AOT_UNPAIRED,
                        RankLossType.CPO,
                        RankLossType.SIMPO,
                        RankLossType.ALPHAPO));
        readers.put("discopop_tau", EnumSet.of(RankLossType.DISCOPOP));
        readers.put("cpo_alpha", cpo);
        readers.put("simpo_gamma", EnumSet.of(RankLossType.SIMPO, RankLossType.ALPHAPO));
        readers.put("alpha", bent);
        readers.put("desirable_weight", unpaired);
        readers.put("undesirable_weight", unpaired);
        readers.put("rrhf_weight", rrhf);
        readers.put("length_penalty", rrhf);
        readers.put("sft_reduction", rrhf);
        readers.put("pro_temperature", pro);
        readers.put("sft_weight", pro);
        readers.put("pro_ties", pro);
        return readers;
    }

    /**
     * As it is written.
     *
     * @param texts what is written for a key; empty if nothing is
     */
    public static RankUse of(Function<String, List<String>> texts) {
        return new RankUse(
                texts.apply("loss").isEmpty()
                        ? UnusedKeys.allWritten(RankLossType.SIGMOID, texts.apply("loss_type"))
                        : List.of(),
                UnusedKeys.written(FDivergence.REVERSE_KL, texts.apply("f_divergence_type")));
    }

    /** The keys without effect, and what each has one with. */
    public Map<String, String> unused() {
        Map<String, String> unused = new LinkedHashMap<>();
        READERS.forEach((key, readers) -> {
            if (losses.stream().noneMatch(readers::contains)) {
                unused.put(key, needed(readers));
            }
        });
        if (divergence != FDivergence.ALPHA_DIVERGENCE) {
            unused.put("f_alpha_divergence_coef", "f_divergence_type=alpha_divergence");
        }
        return unused;
    }

    private static String needed(Set<RankLossType> readers) {
        Set<RankLossType> others = EnumSet.complementOf(EnumSet.copyOf(readers));
        return (others.size() < readers.size() ? "another loss than " + names(others) : names(readers))
                + " in loss_type";
    }

    private static String names(Set<RankLossType> types) {
        return types.stream().map(KeyName::of).collect(Collectors.joining(" or "));
    }
}
