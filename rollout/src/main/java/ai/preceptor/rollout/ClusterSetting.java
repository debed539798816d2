package ai.preceptor.rollout;

import ai.preceptor.data.ConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How a process meets others.
 *
 * @param listen where others reach it
 * @param members processes that are there already; none for the learner, which is the first
 * @param secret with which messages are signed
 * @param patience longest that is waited for others, above 0
 * @param heartbeat time between two signs of life, above 0
 * @param silence without a sign of life for so long, a process is taken as dead; more than {@code heartbeat}
 */
public record ClusterSetting(
        ClusterAddress listen,
        List<ClusterAddress> members,
        ClusterSecret secret,
        Duration patience,
        Duration heartbeat,
        Duration silence) {

    /** @throws ConfigurationException listing what is not legal */
    public ClusterSetting {
        members = List.copyOf(members);
        List<String> problems = new ArrayList<>();
        if (patience.isNegative() || patience.isZero()) {
            problems.add("join_timeout is " + patience + ", legal: above 0");
        }
        if (heartbeat.isNegative() || heartbeat.isZero()) {
            problems.add("heartbeat is " + heartbeat + ", legal: above 0");
        }
        if (silence.compareTo(heartbeat) <= 0) {
            problems.add("heartbeat_timeout is " + silence + ", legal: more than heartbeat (" + heartbeat + ")");
        }
        if (listen.isWildcard()) {
            problems.add("listen is " + listen + ", expected one address, at which others find this process");
        }
        if (!secret.isGiven() && !listen.isLoopback()) {
            problems.add(
                    "listen is " + listen + ", which other machines can reach, and there is no secret; set one in the"
                            + " environment, or listen on a loopback address such as 127.0.0.1");
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException("cluster: " + String.join("; ", problems));
        }
    }
}
