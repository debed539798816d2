package ai.preceptor.ranking.group;

import ai.preceptor.ranking.answer.RankedAnswer;
import ai.preceptor.ranking.answer.SequenceScore;

/** The score by which a listwise loss ranks answers. */
public enum ListwiseScore {
    /** The mean log-probability of a token: no reference. */
    MEAN_LOGP,
    /** DPO's implicit reward, {@code beta (log pi - log pi_ref)}. */
    IMPLICIT_REWARD;

    /** The score. */
    double of(RankedAnswer answer, double beta) {
        return this == MEAN_LOGP ? SequenceScore.MEAN.of(answer) : beta * answer.logratio();
    }

    /** Its derivative by the summed log-probability. */
    double slope(RankedAnswer answer, double beta) {
        return this == MEAN_LOGP ? SequenceScore.MEAN.slope(answer) : beta;
    }
}
