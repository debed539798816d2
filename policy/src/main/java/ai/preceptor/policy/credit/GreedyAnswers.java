package ai.preceptor.policy.credit;

import ai.preceptor.data.Trajectory;
import java.util.List;

/** The policy's most likely answers to prompts, scored: baselines of {@code remax}, which are not learnt from. */
@FunctionalInterface
public interface GreedyAnswers {
    /**
     * One greedy answer for each, with the weights of now.
     *
     * @param asked sampled answers to different prompts
     * @return to their prompts, in their order and of their groups; unscored with the reason where a scorer failed
     */
    List<Trajectory> to(List<Trajectory> asked);
}
