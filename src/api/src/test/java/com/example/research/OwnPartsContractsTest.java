package com.example.research;

import ai.preceptor.policy.credit.Advantages;
import ai.preceptor.policy.credit.AdvantagesContract;
import ai.preceptor.policy.kl.KlController;
import ai.preceptor.policy.kl.KlControllerContract;
import ai.preceptor.policy.loss.PolicyLoss;
import ai.preceptor.policy.loss.PolicyLossContract;
import org.junit.jupiter.api.Nested;

/** A researcher's parts against the contracts that the module of policies publishes. */
class OwnPartsContractsTest {
    @Nested
    class OwnAdvantages extends AdvantagesContract {
        @Override
        protected Advantages advantages() {
            return new BestOfBatch(0.5);
        }
    }

    @Nested
    class OwnLoss extends PolicyLossContract {
        @Override
        protected PolicyLoss loss() {
            return new LogLikelihood();
        }
    }

    @Nested
    class OwnController extends KlControllerContract {
        @Override
        protected KlController controller() {
            return new Doubling(0.1);
        }
    }
}
