package ai.preceptor;

import ai.preceptor.rollout.cluster.ClusterSetting;
import ai.preceptor.rollout.worker.WorkerTerms;
import ai.preceptor.run.PublishedWeights;
import java.util.Map;

/**
 * Processes that sample and score for a learner in this process.
 *
 * @param setting where they find it
 * @param description for them: how to sample and score
 * @param digests of the models that they must have: that of {@code model}, and of every model that scores
 * @param atLeast so many must be there before learning starts
 */
public record PolicyWorkers(ClusterSetting setting, String description, Map<String, String> digests, int atLeast) {
    /** Copies the map. */
    public PolicyWorkers {
        digests = Map.copyOf(digests);
    }

    /** The terms on which they sample from these weights. */
    WorkerTerms terms(PublishedWeights weights) {
        return new WorkerTerms(setting, description, digests, atLeast, weights);
    }
}
