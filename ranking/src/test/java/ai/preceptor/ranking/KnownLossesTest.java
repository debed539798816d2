package ai.preceptor.ranking;

import ai.preceptor.ranking.answer.SequenceScore;
import ai.preceptor.ranking.group.GroupLoss;
import ai.preceptor.ranking.group.GroupLossContract;
import ai.preceptor.ranking.group.LambdaLoss;
import ai.preceptor.ranking.group.ListwiseScore;
import ai.preceptor.ranking.group.PlackettLuceLoss;
import ai.preceptor.ranking.group.ProLoss;
import ai.preceptor.ranking.group.RrhfLoss;
import ai.preceptor.ranking.group.SftReduction;
import ai.preceptor.ranking.pair.CpoLoss;
import ai.preceptor.ranking.pair.CpoLossType;
import ai.preceptor.ranking.pair.DpoLoss;
import ai.preceptor.ranking.pair.DpoLossType;
import ai.preceptor.ranking.pair.FDivergence;
import ai.preceptor.ranking.pair.OrpoLoss;
import ai.preceptor.ranking.pair.PairLoss;
import ai.preceptor.ranking.pair.PairLossContract;
import ai.preceptor.ranking.unpaired.KtoLoss;
import ai.preceptor.ranking.unpaired.KtoLossType;
import ai.preceptor.ranking.unpaired.UnpairedLoss;
import ai.preceptor.ranking.unpaired.UnpairedLossContract;
import java.util.List;
import org.junit.jupiter.api.Nested;

/** The losses that are there keep the contracts that a loss of one's own keeps. */
class KnownLossesTest {

    @Nested
    class Dpo extends PairLossContract {
        @Override
        protected PairLoss loss() {
            return DpoLoss.sigmoid(0.1);
        }
    }

    @Nested
    class SortedDpo extends PairLossContract {
        @Override
        protected PairLoss loss() {
            return new DpoLoss(DpoLossType.AOT, 0.1, 0.1);
        }
    }

    @Nested
    class MixedDpo extends PairLossContract {
        @Override
        protected PairLoss loss() {
            return new DpoLoss(
                    List.of(new DpoLoss.Form(DpoLossType.IPO, 0.5), new DpoLoss.Form(DpoLossType.SFT, 1)),
                    0.3,
                    0,
                    FDivergence.REVERSE_KL,
                    DpoLoss.DIVERGENCE_ALPHA,
                    DpoLoss.DISCOPOP_TAU);
        }
    }

    @Nested
    class SimPo extends PairLossContract {
        @Override
        protected PairLoss loss() {
            return new CpoLoss(CpoLossType.SIMPO, 2, 0, 0.5, 1, 0);
        }
    }

    @Nested
    class Orpo extends PairLossContract {
        @Override
        protected PairLoss loss() {
            return new OrpoLoss(0.1);
        }
    }

    @Nested
    class Rrhf extends GroupLossContract {
        @Override
        protected GroupLoss loss() {
            return new RrhfLoss(1, SequenceScore.MEAN, SftReduction.SUM);
        }
    }

    @Nested
    class Pro extends GroupLossContract {
        @Override
        protected GroupLoss loss() {
            return ProLoss.paper();
        }
    }

    @Nested
    class PlackettLuce extends GroupLossContract {
        @Override
        protected GroupLoss loss() {
            return new PlackettLuceLoss(ListwiseScore.IMPLICIT_REWARD, 0.1);
        }
    }

    @Nested
    class LambdaRank extends GroupLossContract {
        @Override
        protected GroupLoss loss() {
            return new LambdaLoss(0.5);
        }
    }

    @Nested
    class Kto extends UnpairedLossContract {
        @Override
        protected UnpairedLoss loss() {
            return new KtoLoss(KtoLossType.KTO, 0.1, 1, 0.5);
        }
    }

    @Nested
    class UnpairedApoZero extends UnpairedLossContract {
        @Override
        protected UnpairedLoss loss() {
            return new KtoLoss(KtoLossType.APO_ZERO_UNPAIRED, 0.3, 1, 1);
        }
    }

    @Nested
    class Bco extends UnpairedLossContract {
        @Override
        protected UnpairedLoss loss() {
            return new KtoLoss(KtoLossType.BCO, 0.1, 1, 1);
        }
    }
}
