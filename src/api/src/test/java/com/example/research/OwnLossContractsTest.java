package com.example.research;

import ai.preceptor.ranking.group.GroupLoss;
import ai.preceptor.ranking.group.GroupLossContract;
import ai.preceptor.ranking.pair.PairLoss;
import ai.preceptor.ranking.pair.PairLossContract;
import ai.preceptor.ranking.unpaired.UnpairedLoss;
import ai.preceptor.ranking.unpaired.UnpairedLossContract;
import org.junit.jupiter.api.Nested;

/** Losses of one's own pass the published contracts. */
class OwnLossContractsTest {

    @Nested
    class OwnPairLoss extends PairLossContract {
        @Override
        protected PairLoss loss() {
            return new LinearMargin("mine", true);
        }
    }

    @Nested
    class OwnGroupLoss extends GroupLossContract {
        @Override
        protected GroupLoss loss() {
            return new MeanScore();
        }
    }

    @Nested
    class OwnUnpairedLoss extends UnpairedLossContract {
        @Override
        protected UnpairedLoss loss() {
            return new LabelLikelihood();
        }
    }
}
