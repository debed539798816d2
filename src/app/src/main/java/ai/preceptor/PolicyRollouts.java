package ai.preceptor;

import ai.preceptor.data.Trajectory;
import ai.preceptor.policy.PolicySampler;
import ai.preceptor.rollout.VertxRollouts;
import java.util.List;

/** Rollouts as a learner takes them. */
record PolicyRollouts(VertxRollouts rollouts) implements PolicySampler {
    @Override
    public List<Trajectory> next(int prompts) {
        return rollouts.next(prompts);
    }

    @Override
    public void publish(long version) {
        rollouts.publish(version);
    }

    @Override
    public long cursor() {
        return rollouts.cursor();
    }

    @Override
    public void close() {
        rollouts.close();
    }
}
