package ai.preceptor.eval;

import ai.preceptor.data.Score;
import java.util.List;

/** Decides contests. What judges here must not favour the place of an answer: ask in both orders and average. */
@FunctionalInterface
public interface Arbiter {

    /**
     * Decides.
     *
     * @param contests what to decide
     * @return per contest, in order, the preference for the new answer: 1 it is better, 0 the baseline's is, 0.5 neither;
     *     or unscored where there is no verdict
     */
    List<Score> preferences(List<Contest> contests);
}
