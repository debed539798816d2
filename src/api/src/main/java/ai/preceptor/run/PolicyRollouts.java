package ai.preceptor.run;

import ai.preceptor.data.Trajectory;
import ai.preceptor.rollout.VertxRollouts;
import ai.preceptor.train.sampling.PolicySampler;
import java.util.List;

/**
 * Connects rollouts to a learner.
 *
 * @param rollouts closed with this
 * @param samplers closes what samples, if it is not the learner itself; after the rollouts
 */
public record PolicyRollouts(VertxRollouts rollouts, PolicyRollouts.Closing samplers) implements PolicySampler {
    /** Frees what samples. */
    public interface Closing extends AutoCloseable {
        @Override
        void close();
    }

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
        try (Closing closedLast = samplers) {
            rollouts.close();
        }
    }
}
