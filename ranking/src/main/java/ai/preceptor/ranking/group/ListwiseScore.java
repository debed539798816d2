package ai.preceptor.ranking.group;

import ai.preceptor.ranking.answer.RankedAnswer;
import ai.preceptor.ranking.answer.SequenceScore;

/**
 * By what a listwise loss ranks answers.
 */
public enum ListwiseScore {
    /** The mean log-probability of a token: no reference. */
    MEAN_LOGP {
        @Override
        double of(RankedAnswer answer, double beta) {
            return SequenceScore.MEAN.of(answer);
        }

        @Override
        double slope(RankedAnswer answer, double beta) {
            return SequenceScore.MEAN.slope(answer);
        }
    },
    /** DPO's implicit reward, {@code beta (log pi - log pi_ref)}. */
    IMPLICIT_REWARD {
        @Override
        double of(RankedAnswer answer, double beta) {
            return beta * answer.logratio();
        }

        @Override
        double slope(RankedAnswer answer, double beta) {
            return beta;
        }
    };

    /** The score. */
    abstract double of(RankedAnswer answer, double beta);

    /** Its derivative by the summed log-probability. */
    abstract double slope(RankedAnswer answer, double beta);
}
