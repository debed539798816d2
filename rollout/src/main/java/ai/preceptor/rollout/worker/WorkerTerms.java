package ai.preceptor.rollout.worker;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.rollout.cluster.ClusterSetting;
import java.util.Map;

/**
 * What a learner tells its workers, which are processes that generate and score for it.
 *
 * @param setting where the learner listens
 * @param description of the job, for their {@link WorkerHost}
 * @param digests of the models that they must have: those of {@code model}, and of every model that scores
 * @param atLeast workers that must have joined before generation starts; 0 or more
 * @param weights writes weights for them; closed by its owner
 */
public record WorkerTerms(
        ClusterSetting setting,
        String description,
        Map<String, String> digests,
        int atLeast,
        WeightsPublisher weights) {
    /** @throws ConfigurationException if the number of workers is negative */
    public WorkerTerms {
        digests = Map.copyOf(digests);
        if (atLeast < 0) {
            throw new ConfigurationException("cluster: workers is " + atLeast + ", legal: 0 or more");
        }
    }
}
