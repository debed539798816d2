package ai.preceptor.rollout.worker;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.rollout.cluster.ClusterSetting;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a learner, or an offline stage, tells its workers.
 *
 * @param setting where it listens
 * @param description of the job, for their {@link WorkerHost}
 * @param digests of the models that they must have: those of {@code model}, and of every model that scores; in an offline
 *     stage all of its models
 * @param atLeast workers that must have joined before work starts; 0 or more
 * @param weights writes weights for workers that generate, closed by its owner; null in an offline stage
 */
public record WorkerTerms(
        ClusterSetting setting,
        String description,
        Map<String, String> digests,
        int atLeast,
        @Nullable WeightsPublisher weights) {
    /** @throws ConfigurationException if the number of workers is negative */
    public WorkerTerms {
        digests = Map.copyOf(digests);
        if (atLeast < 0) {
            throw new ConfigurationException("cluster: workers is " + atLeast + ", legal: 0 or more");
        }
    }

    /** Of an offline stage. */
    public WorkerTerms(ClusterSetting setting, String description, Map<String, String> digests, int atLeast) {
        this(setting, description, digests, atLeast, null);
    }
}
