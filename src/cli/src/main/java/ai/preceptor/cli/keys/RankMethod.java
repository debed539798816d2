package ai.preceptor.cli.keys;

import ai.preceptor.ranking.GroupLoss;
import ai.preceptor.ranking.KtoLoss;
import ai.preceptor.ranking.PairLoss;
import ai.preceptor.ranking.PairOptions;

/** What {@code rank} optimizes, by what it sees at a time. */
public sealed interface RankMethod {

    /** Pairs of a better and a worse answer. */
    record Pairs(PairLoss loss, PairOptions options) implements RankMethod {}

    /** Whole groups of ranked answers. */
    record Groups(GroupLoss loss) implements RankMethod {}

    /** Single answers with a verdict. */
    record Verdicts(KtoLoss loss) implements RankMethod {}
}
