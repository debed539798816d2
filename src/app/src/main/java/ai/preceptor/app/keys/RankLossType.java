package ai.preceptor.app.keys;

import ai.preceptor.ranking.DpoLoss;
import ai.preceptor.ranking.DpoLossType;
import ai.preceptor.ranking.ProLoss;
import ai.preceptor.ranking.RankingLoss;
import ai.preceptor.ranking.RrhfLoss;
import ai.preceptor.ranking.SequenceScore;

/** The values of {@code loss_type} for {@code rank}. */
public enum RankLossType {
    SIGMOID {
        @Override
        RankingLoss loss(RankLossKeys keys) {
            return new DpoLoss(DpoLossType.SIGMOID, keys.beta(), keys.labelSmoothing());
        }
    },
    CDPO {
        @Override
        RankingLoss loss(RankLossKeys keys) {
            return new DpoLoss(DpoLossType.CDPO, keys.beta(), keys.labelSmoothing());
        }
    },
    ROBUST {
        @Override
        RankingLoss loss(RankLossKeys keys) {
            return new DpoLoss(DpoLossType.ROBUST, keys.beta(), keys.labelSmoothing());
        }
    },
    RRHF {
        @Override
        RankingLoss loss(RankLossKeys keys) {
            return new RrhfLoss(keys.rrhfWeight(), new SequenceScore(keys.lengthPenalty()), keys.sftReduction());
        }
    },
    PRO {
        @Override
        RankingLoss loss(RankLossKeys keys) {
            return new ProLoss(keys.proTemperature(), keys.sftWeight());
        }
    };

    /** The loss with the numbers of {@code keys}. */
    abstract RankingLoss loss(RankLossKeys keys);
}
