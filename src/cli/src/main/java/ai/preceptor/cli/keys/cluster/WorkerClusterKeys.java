package ai.preceptor.cli.keys.cluster;

import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.rollout.cluster.ClusterAddress;
import ai.preceptor.rollout.cluster.ClusterSecret;
import ai.preceptor.rollout.cluster.ClusterSetting;
import java.util.List;

/** Where a worker finds who it works for, under {@code cluster}. */
public record WorkerClusterKeys(
        @Key(help = "HOST:PORT of the run (its cluster.listen); several are allowed", defaultValue = "[127.0.0.1:5701]")
        List<String> members,

        @Key(
                help = "HOST:PORT this worker connects from, 0 for any port; a loopback address means any address "
                        + "that reaches the run",
                defaultValue = "127.0.0.1:0")
        String listen,

        @Key(help = "seconds to wait for a run", defaultValue = "120", range = "(0, 8640000]")
        double joinTimeout,

        @Key(
                help = "name of the environment variable with the secret, which must equal the run's",
                defaultValue = "PRECEPTOR_CLUSTER_SECRET")
        String secretEnv)
        implements Checked {
    private static final double HEARTBEAT = 1;
    private static final double SILENCE = 20;

    @Override
    public void check(Checks checks) {
        if (members.isEmpty()) {
            checks.refuse("members", "expected where the learner listens, found none");
            return;
        }
        boolean found = ClusterKeys.isLegal(checks, "members", () -> members.forEach(ClusterAddress::parse));
        boolean known = ClusterKeys.isLegal(
                checks, "listen", () -> ClusterAddress.parse(listen).isLoopback());
        boolean secret = ClusterKeys.isLegal(checks, "secret_env", this::secret);
        if (found && known && secret) {
            boolean own = !ClusterAddress.parse(listen).isLoopback();
            ClusterKeys.isLegal(checks, own ? "listen" : "members", this::setting);
        }
    }

    private ClusterSecret secret() {
        return ClusterSecret.fromEnvironment(secretEnv, System.getenv());
    }

    /** As the library takes it; how often it shows that it is alive, the learner says. */
    public ClusterSetting setting() {
        return new ClusterSetting(
                ClusterAddress.parse(listen),
                members.stream().map(ClusterAddress::parse).toList(),
                secret(),
                ClusterKeys.seconds(joinTimeout),
                ClusterKeys.seconds(HEARTBEAT),
                ClusterKeys.seconds(SILENCE));
    }
}
