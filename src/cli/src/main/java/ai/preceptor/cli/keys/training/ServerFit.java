package ai.preceptor.cli.keys.training;

import ai.preceptor.data.setting.Checks;
import ai.preceptor.rollout.RolloutSettings;
import ai.preceptor.vllm.VllmSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Whether servers that sample fit the rest of a run's keys. */
final class ServerFit {
    private static final String URL = "rollout_url";

    private ServerFit() {}

    /** Refuses what samples beside servers. */
    static void check(
            VllmSettings servers,
            RolloutSettings rollouts,
            LearnerKeys learner,
            @Nullable Path recorded,
            Checks checks) {
        if (!servers.isGiven()) {
            return;
        }
        if (rollouts.generators() > 0) {
            checks.refuse(
                    "generators", "expected 0 where servers sample (rollout_url), found " + rollouts.generators());
        }
        if (learner.cluster() != null) {
            checks.refuse(URL, "expected none with cluster, whose workers sample");
        }
        if (recorded != null) {
            checks.refuse(URL, "expected none with rollouts (" + recorded + ")");
        }
    }

    /** Refuses tools, whose turns servers do not go on with. */
    static void checkTools(VllmSettings servers, boolean given, Checks checks) {
        if (servers.isGiven() && given) {
            checks.refuse("tools", "expected none where servers sample (rollout_url), found some");
        }
    }

    /** Refuses filters: a server does not tell which tokens it kept. */
    static void checkFilters(VllmSettings servers, double topP, int topK, double minP, Checks checks) {
        if (servers.isGiven() && (topP < 1 || topK > 0 || minP > 0)) {
            checks.refuse(
                    URL,
                    "expected top_p 1, top_k 0 and min_p 0 where servers sample for a learner, found " + topP + ", "
                            + topK + " and " + minP);
        }
    }
}
