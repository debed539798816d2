package ai.preceptor.ranking;

import ai.preceptor.ranking.group.GroupLoss;
import ai.preceptor.ranking.pair.PairLoss;
import ai.preceptor.ranking.pair.PairOptions;
import ai.preceptor.ranking.unpaired.UnpairedLoss;

/** The method of preference training, by the unit it works on: pairs, groups or single answers. */
public sealed interface RankMethod {

    /** Pairs of a better and a worse answer. */
    record Pairs(PairLoss loss, PairOptions options) implements RankMethod {}

    /** Whole groups of ranked answers. */
    record Groups(GroupLoss loss) implements RankMethod {}

    /** Single labeled answers. */
    record Unpaired(UnpairedLoss loss) implements RankMethod {}
}
