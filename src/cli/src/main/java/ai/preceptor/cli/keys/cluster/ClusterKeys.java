package ai.preceptor.cli.keys.cluster;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.rollout.cluster.ClusterAddress;
import ai.preceptor.rollout.cluster.ClusterSecret;
import ai.preceptor.rollout.cluster.ClusterSetting;
import java.time.Duration;
import java.util.List;

/** Where workers join, under {@code cluster}. */
public record ClusterKeys(
        @Key(
                help = "HOST:PORT that workers connect to; a host other than a loopback address needs a secret",
                defaultValue = "127.0.0.1:5701")
        String listen,

        @Key(help = "number of workers to wait for before work starts", defaultValue = "1", range = "[0, 1024]")
        int workers,

        @Key(
                help = "seconds to wait for these workers, and later for any worker if there is none and this process "
                        + "does not generate (generators is 0)",
                defaultValue = "120",
                range = "(0, 86400]")
        double joinTimeout,

        @Key(help = "seconds between heartbeats", defaultValue = "2", range = "(0, 3600]")
        double heartbeat,

        @Key(help = "name of the environment variable with the secret", defaultValue = "PRECEPTOR_CLUSTER_SECRET")
        String secretEnv)
        implements Checked {
    @Override
    public void check(Checks checks) {
        if (isLegal(checks, "secret_env", this::secret)) {
            // The caller, which has both, checks it against the real one.
            isLegal(checks, "listen", () -> setting(seconds(heartbeat).multipliedBy(2)));
        }
    }

    /** Refuses the key if that throws a configuration exception. */
    static boolean isLegal(Checks checks, String key, Runnable reading) {
        try {
            reading.run();
            return true;
        } catch (ConfigurationException e) {
            checks.refuse(key, String.valueOf(e.getMessage()));
            return false;
        }
    }

    private ClusterSecret secret() {
        return ClusterSecret.fromEnvironment(secretEnv, System.getenv());
    }

    /**
     * As the library takes it.
     *
     * @param silence after which a worker is taken as dead
     */
    public ClusterSetting setting(Duration silence) {
        return new ClusterSetting(
                ClusterAddress.parse(listen), List.of(), secret(), seconds(joinTimeout), seconds(heartbeat), silence);
    }

    static Duration seconds(double value) {
        return Duration.ofMillis(Math.max(1, Math.round(value * 1000)));
    }
}
