package ai.preceptor.app.keys;

import ai.preceptor.app.config.Key;
import ai.preceptor.ranking.ProTemperature;
import ai.preceptor.ranking.RankingLoss;
import ai.preceptor.ranking.SftReduction;

/** What {@code rank} optimizes. */
public record RankLossKeys(
        @Key(help = "the loss: DPO in its forms, RRHF or PRO", standard = "sigmoid")
        RankLossType lossType,

        @Key(help = "DPO: strength of the pull to the reference", standard = "0.1", range = "(0, inf)")
        double beta,

        @Key(help = "DPO: share of labels taken to be wrong (cdpo, robust)", standard = "0", range = "[0, 0.5)")
        double labelSmoothing,

        @Key(help = "RRHF: weight of the ranking term", standard = "1", range = "[0, inf)")
        double rrhfWeight,

        @Key(
                help = "RRHF: a score is the log-probability over length to this power",
                standard = "1",
                range = "[0, inf)")
        double lengthPenalty,

        @Key(help = "RRHF: how token losses of the best answer add up", standard = "sum")
        SftReduction sftReduction,

        @Key(help = "PRO: what sharpens a contrast, the difference of scores or nothing", standard = "reward")
        ProTemperature proTemperature,

        @Key(help = "PRO: weight of the supervised loss, times (K-1)^2", standard = "0.05", range = "[0, inf)")
        double sftWeight) {

    /** The loss. */
    public RankingLoss loss() {
        return lossType.loss(this);
    }
}
