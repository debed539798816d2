package ai.preceptor.rollout.cluster;

import ai.preceptor.data.ConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How a process meets others.
 *
 * @param listen where workers reach a learner; for a worker, where it connects from, any if that is a loopback address
 * @param members where a worker finds its learner; none for a learner
 * @param secret whoever has it takes part
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
        members.stream()
                .filter(member -> !secret.isGiven() && !member.isLoopback())
                .forEach(member -> problems.add("members has " + member
                        + ", on another machine, and there is no secret; set the learner's in the" + " environment"));
        if (!problems.isEmpty()) {
            throw new ConfigurationException("cluster: " + String.join("; ", problems));
        }
    }
}
