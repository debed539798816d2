package ai.preceptor.rollout.cluster;

import ai.preceptor.data.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The secret that learner and workers share; never printed. Without one, connections are still encrypted, but any process
 * on this machine can connect.
 */
public final class ClusterSecret {
    private static final int SHORTEST = 16;
    private static final String NO_SECRET = "preceptor cluster without a secret";

    private final byte[] key;
    private final boolean given;

    private ClusterSecret(String key, boolean given) {
        this.key = key.getBytes(StandardCharsets.UTF_8);
        this.given = given;
    }

    /** No secret. */
    public static ClusterSecret none() {
        return new ClusterSecret(NO_SECRET, false);
    }

    /**
     * The value of an environment variable; none if it is not set.
     *
     * @throws ConfigurationException if it is shorter than 16 characters
     */
    public static ClusterSecret fromEnvironment(String name, Map<String, String> environment) {
        @Nullable String value = environment.get(name);
        if (value == null) {
            return none();
        }
        if (value.length() < SHORTEST) {
            throw new ConfigurationException("the environment variable " + name + ": expected " + SHORTEST
                    + " characters or more, found " + value.length());
        }
        return new ClusterSecret(value, true);
    }

    boolean isGiven() {
        return given;
    }

    /** Not copied; do not modify. */
    byte[] key() {
        return key;
    }

    @Override
    public String toString() {
        return given ? "a secret" : "no secret";
    }
}
