package ai.preceptor.rollout.cluster;

import ai.preceptor.data.ConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How learner and workers connect.
 *
 * @param listen where a learner accepts workers; for a worker, its local address, any if this is a loopback address
 * @param members where a worker looks for its learner; empty for a learner
 * @param secret shared by all processes of the cluster
 * @param joinTimeout longest wait for other processes, above 0
 * @param heartbeat time between two heartbeats, above 0
 * @param heartbeatTimeout longest time without a heartbeat until a process is considered dead; more than {@code heartbeat}
 */
public record ClusterSetting(
        ClusterAddress listen,
        List<ClusterAddress> members,
        ClusterSecret secret,
        Duration joinTimeout,
        Duration heartbeat,
        Duration heartbeatTimeout) {

    /** @throws ConfigurationException listing what is out of range */
    public ClusterSetting {
        members = List.copyOf(members);
        List<String> problems = new ArrayList<>();
        if (joinTimeout.isNegative() || joinTimeout.isZero()) {
            problems.add("join_timeout is " + joinTimeout + ", legal: above 0");
        }
        if (heartbeat.isNegative() || heartbeat.isZero()) {
            problems.add("heartbeat is " + heartbeat + ", legal: above 0");
        }
        if (heartbeatTimeout.compareTo(heartbeat) <= 0) {
            problems.add(
                    "heartbeat_timeout is " + heartbeatTimeout + ", legal: more than heartbeat (" + heartbeat + ")");
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
