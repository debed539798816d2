package ai.preceptor.run;

import ai.preceptor.data.Trajectory;
import ai.preceptor.rollout.VertxRollouts;
import ai.preceptor.train.sampling.PolicySampler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Connects rollouts to a learner.
 *
 * @param rollouts closed with this
 * @param copies what samples, if it is not the learner itself; closed after the rollouts
 */
public record PolicyRollouts(
        VertxRollouts rollouts, @Nullable GeneratorCopies copies) implements PolicySampler {
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
        try (GeneratorCopies closedLast = copies) {
            rollouts.close();
        }
    }
}
