package ai.preceptor.ranking;

import ai.preceptor.ranking.group.GroupLoss;
import ai.preceptor.ranking.pair.PairLoss;
import ai.preceptor.ranking.pair.PairOptions;
import ai.preceptor.ranking.unpaired.UnpairedLoss;
import java.util.OptionalDouble;

/** The method of preference training, by the unit it works on: pairs, groups or single answers. */
public sealed interface RankMethod {

    /** Coefficient of the loss's pull to its reference; empty where it has none. */
    OptionalDouble klCoefficient();

    /** Whether the loss compares with a reference. */
    boolean needsReference();

    /** Pairs of a better and a worse answer. */
    record Pairs(PairLoss loss, PairOptions options) implements RankMethod {
        @Override
        public OptionalDouble klCoefficient() {
            return loss.klCoefficient();
        }

        @Override
        public boolean needsReference() {
            return loss.needsReference();
        }
    }

    /** Whole groups of ranked answers. */
    record Groups(GroupLoss loss) implements RankMethod {
        @Override
        public OptionalDouble klCoefficient() {
            return loss.klCoefficient();
        }

        @Override
        public boolean needsReference() {
            return loss.needsReference();
        }
    }

    /** Single labeled answers. */
    record Unpaired(UnpairedLoss loss) implements RankMethod {
        @Override
        public OptionalDouble klCoefficient() {
            return loss.klCoefficient();
        }

        @Override
        public boolean needsReference() {
            return loss.needsReference();
        }
    }
}
