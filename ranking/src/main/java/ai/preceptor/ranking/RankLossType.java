package ai.preceptor.ranking;

import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.ranking.answer.SequenceScore;
import ai.preceptor.ranking.group.LambdaLoss;
import ai.preceptor.ranking.group.ListwiseScore;
import ai.preceptor.ranking.group.PlackettLuceLoss;
import ai.preceptor.ranking.group.ProLoss;
import ai.preceptor.ranking.group.RrhfLoss;
import ai.preceptor.ranking.pair.CpoLoss;
import ai.preceptor.ranking.pair.CpoLossType;
import ai.preceptor.ranking.pair.DpoLossType;
import ai.preceptor.ranking.pair.OrpoLoss;
import ai.preceptor.ranking.pair.PairOptions;
import ai.preceptor.ranking.unpaired.KtoLoss;
import ai.preceptor.ranking.unpaired.KtoLossType;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The values of {@code loss_type} for {@code rank}: TRL's names, with its trainer's where two have the same. */
public enum RankLossType {
    SIGMOID(DpoLossType.SIGMOID),
    HINGE(DpoLossType.HINGE),
    IPO(DpoLossType.IPO),
    EXO_PAIR(DpoLossType.EXO_PAIR),
    NCA_PAIR(DpoLossType.NCA_PAIR),
    ROBUST(DpoLossType.ROBUST),
    BCO_PAIR(DpoLossType.BCO_PAIR),
    SPPO_HARD(DpoLossType.SPPO_HARD),
    AOT(DpoLossType.AOT),
    AOT_UNPAIRED(DpoLossType.AOT_UNPAIRED),
    APO_ZERO(DpoLossType.APO_ZERO),
    APO_DOWN(DpoLossType.APO_DOWN),
    DISCOPOP(DpoLossType.DISCOPOP),
    SFT(DpoLossType.SFT),
    SIGMOID_NORM(DpoLossType.SIGMOID_NORM),
    CDPO(DpoLossType.CDPO),
    KTO(keys -> unpaired(keys, KtoLossType.KTO)),
    APO_ZERO_UNPAIRED(keys -> unpaired(keys, KtoLossType.APO_ZERO_UNPAIRED)),
    BCO(keys -> unpaired(keys, KtoLossType.BCO)),
    CPO(keys -> cpo(keys, CpoLossType.SIGMOID, keys.cpoAlpha())),
    CPO_HINGE(keys -> cpo(keys, CpoLossType.HINGE, keys.cpoAlpha())),
    CPO_IPO(keys -> cpo(keys, CpoLossType.IPO, keys.cpoAlpha())),
    SIMPO(keys -> cpo(keys, CpoLossType.SIMPO, keys.cpoAlpha())),
    ALPHAPO(keys -> cpo(keys, CpoLossType.SIMPO, 0)),
    ORPO(keys -> new RankMethod.Pairs(new OrpoLoss(keys.beta()), PairOptions.PLAIN)),
    RRHF(keys -> new RankMethod.Groups(
            new RrhfLoss(keys.rrhfWeight(), new SequenceScore(keys.lengthPenalty()), keys.sftReduction()))),
    PRO(keys -> new RankMethod.Groups(new ProLoss(keys.proTemperature(), keys.sftWeight(), keys.proTies()))),
    LISTMLE(keys -> new RankMethod.Groups(new PlackettLuceLoss(ListwiseScore.MEAN_LOGP, keys.beta()))),
    PLACKETT_LUCE(keys -> new RankMethod.Groups(new PlackettLuceLoss(ListwiseScore.IMPLICIT_REWARD, keys.beta()))),
    LAMBDA_RANK(keys -> new RankMethod.Groups(new LambdaLoss(keys.beta())));

    private final @Nullable DpoLossType dpo;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final @Nullable Function<RankingSettings, RankMethod> method;

    RankLossType(DpoLossType dpo) {
        this.dpo = dpo;
        this.method = null;
    }

    RankLossType(Function<RankingSettings, RankMethod> method) {
        this.dpo = null;
        this.method = method;
    }

    /** The form of DPO that it is, of which several may be mixed; null for a loss of its own. */
    @Nullable
    DpoLossType dpo() {
        return dpo;
    }

    /** Whether it compares with a reference, which its numbers do not decide. */
    public boolean needsReference() {
        return method(new DefaultSettings<>(RankingSettings.class).make()).needsReference();
    }

    /** The loss with the numbers of {@code keys}. */
    RankMethod method(RankingSettings keys) {
        return method == null ? keys.dpo() : method.apply(keys);
    }

    private static RankMethod cpo(RankingSettings keys, CpoLossType type, double cpoAlpha) {
        CpoLoss loss = new CpoLoss(type, keys.beta(), keys.labelSmoothing(), keys.simpoGamma(), cpoAlpha, keys.alpha());
        return new RankMethod.Pairs(loss, PairOptions.PLAIN);
    }

    private static RankMethod unpaired(RankingSettings keys, KtoLossType type) {
        return new RankMethod.Unpaired(
                new KtoLoss(type, keys.beta(), keys.desirableWeight(), keys.undesirableWeight()));
    }
}
