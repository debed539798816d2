package ai.preceptor.policy;

import ai.preceptor.policy.credit.Advantages;
import ai.preceptor.policy.credit.AdvantagesContract;
import ai.preceptor.policy.credit.CreditAssignment;
import ai.preceptor.policy.credit.CreditAssignmentContract;
import ai.preceptor.policy.credit.ScaleRewards;
import ai.preceptor.policy.kl.KlController;
import ai.preceptor.policy.kl.KlControllerContract;
import ai.preceptor.policy.kl.KlEstimator;
import ai.preceptor.policy.kl.KlEstimatorContract;
import ai.preceptor.policy.kl.KlEstimators;
import ai.preceptor.policy.kl.KlPenalty;
import ai.preceptor.policy.loss.Aggregation;
import ai.preceptor.policy.loss.AggregationContract;
import ai.preceptor.policy.loss.Aggregations;
import ai.preceptor.policy.loss.Clip;
import ai.preceptor.policy.loss.ClipContract;
import ai.preceptor.policy.loss.ClipSettings;
import ai.preceptor.policy.loss.PolicyLoss;
import ai.preceptor.policy.loss.PolicyLossContract;
import ai.preceptor.policy.loss.PolicyLossType;
import ai.preceptor.policy.loss.RatioClip;
import ai.preceptor.policy.loss.RatioLevel;
import ai.preceptor.policy.loss.RatioLevelContract;
import ai.preceptor.policy.loss.RatioLevels;
import ai.preceptor.policy.loss.SoftGate;
import org.junit.jupiter.api.Nested;

/** The parts that are there keep the contracts that a part of one's own keeps. */
class KnownPartsTest {

    @Nested
    class LeaveOneOut extends AdvantagesContract {
        @Override
        protected Advantages advantages() {
            return new Advantages.LeaveOneOut(false);
        }
    }

    @Nested
    class NormalizedLeaveOneOut extends AdvantagesContract {
        @Override
        protected Advantages advantages() {
            return new Advantages.LeaveOneOut(true);
        }
    }

    @Nested
    class GroupRelative extends AdvantagesContract {
        @Override
        protected Advantages advantages() {
            return new Advantages.GroupRelative(ScaleRewards.GROUP);
        }
    }

    @Nested
    class GroupRelativeOverTheBatch extends AdvantagesContract {
        @Override
        protected Advantages advantages() {
            return new Advantages.GroupRelative(ScaleRewards.BATCH);
        }
    }

    @Nested
    class WholeAnswer extends CreditAssignmentContract {
        @Override
        protected CreditAssignment credit() {
            return new CreditAssignment.WholeAnswer(new Advantages.GroupRelative(ScaleRewards.NONE));
        }
    }

    @Nested
    class TokenReturns extends CreditAssignmentContract {
        @Override
        protected CreditAssignment credit() {
            return new CreditAssignment.TokenReturns();
        }
    }

    @Nested
    class RatioClipOfThree extends ClipContract {
        @Override
        protected Clip clip() {
            return new RatioClip(0.2, 0.28, 2);
        }
    }

    @Nested
    class SoftGateOfTwo extends ClipContract {
        @Override
        protected Clip clip() {
            return new SoftGate(1, 1.5);
        }
    }

    @Nested
    class TokenLevel extends RatioLevelContract {
        @Override
        protected RatioLevel level() {
            return RatioLevels.TOKEN;
        }
    }

    @Nested
    class SequenceLevel extends RatioLevelContract {
        @Override
        protected RatioLevel level() {
            return RatioLevels.SEQUENCE;
        }
    }

    @Nested
    class SequenceMeanLevel extends RatioLevelContract {
        @Override
        protected RatioLevel level() {
            return RatioLevels.SEQUENCE_MEAN;
        }
    }

    @Nested
    class K1 extends KlEstimatorContract {
        @Override
        protected KlEstimator estimator() {
            return KlEstimators.K1;
        }
    }

    @Nested
    class K2 extends KlEstimatorContract {
        @Override
        protected KlEstimator estimator() {
            return KlEstimators.K2;
        }
    }

    @Nested
    class K3 extends KlEstimatorContract {
        @Override
        protected KlEstimator estimator() {
            return KlEstimators.K3;
        }
    }

    @Nested
    class K3Plus extends KlEstimatorContract {
        @Override
        protected KlEstimator estimator() {
            return KlEstimators.K3_PLUS;
        }

        @Override
        protected KlEstimator differentiated() {
            return KlEstimators.K2;
        }
    }

    @Nested
    class FixedBeta extends KlControllerContract {
        @Override
        protected KlController controller() {
            return new KlController.Fixed(0.1);
        }
    }

    @Nested
    class AdaptiveBeta extends KlControllerContract {
        @Override
        protected KlController controller() {
            return new KlController.Adaptive(0.2, 6, 1000);
        }
    }

    @Nested
    class SequenceMeanAggregation extends AggregationContract {
        @Override
        protected Aggregation aggregation() {
            return Aggregations.SEQUENCE_MEAN;
        }
    }

    @Nested
    class SequenceSumAggregation extends AggregationContract {
        @Override
        protected Aggregation aggregation() {
            return Aggregations.SEQUENCE_SUM;
        }
    }

    @Nested
    class TokenMeanAggregation extends AggregationContract {
        @Override
        protected Aggregation aggregation() {
            return Aggregations.TOKEN_MEAN;
        }
    }

    @Nested
    class FixedLengthAggregation extends AggregationContract {
        @Override
        protected Aggregation aggregation() {
            return Aggregations.FIXED_LENGTH;
        }
    }

    @Nested
    class Grpo extends PolicyLossContract {
        @Override
        protected PolicyLoss loss() {
            return PolicyLossType.GRPO.loss(ClipSettings.builder().epsilon(0.2).build(), KlPenalty.k3(0.1), 8);
        }
    }

    @Nested
    class Rloo extends PolicyLossContract {
        @Override
        protected PolicyLoss loss() {
            return PolicyLossType.RLOO.loss(ClipSettings.builder().epsilon(0.2).build(), KlPenalty.none(), 8);
        }
    }

    @Nested
    class Gspo extends PolicyLossContract {
        @Override
        protected PolicyLoss loss() {
            return PolicyLossType.GSPO.loss(ClipSettings.builder().epsilon(0.2).build(), KlPenalty.none(), 8);
        }
    }
}
