package ai.preceptor.cli.keys.training;

import ai.preceptor.cli.keys.cluster.ClusterKeys;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.Section;
import ai.preceptor.rollout.RolloutSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Which processes sample for a learner. */
public record LearnerKeys(
        @Section(help = "processes that generate for this one (./preceptor worker)", effect = KeyEffect.EXECUTION)
        @Nullable
        ClusterKeys cluster) {
    /**
     * Refuses workers that do not fit.
     *
     * @param recorded answers that take the place of sampling; null for none
     */
    void check(RolloutSettings rollouts, @Nullable Path recorded, Checks checks) {
        if (cluster != null && rollouts.heartbeatTimeout() <= cluster.heartbeat()) {
            checks.refuse(
                    "heartbeat_timeout",
                    "expected more than cluster.heartbeat " + cluster.heartbeat() + ", found "
                            + rollouts.heartbeatTimeout());
        }
        if (cluster != null && recorded != null) {
            checks.refuse("cluster", "expected nothing where rollouts is given (" + recorded + ")");
        }
    }
}
