package ai.preceptor.rollout;

import ai.preceptor.data.ConfigurationException;
import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipAdapter;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Vert.x of this process that is part of a cluster of processes.
 *
 * @param vertx closed with this
 * @param hazelcast keeps the list of processes; closed with this
 * @param id the process's name in the cluster
 */
record ClusterNode(Vertx vertx, HazelcastInstance hazelcast, String id) {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterNode.class);
    private static final String LOGGING = "hazelcast.logging.type";
    /** Where Vert.x tells the other members what it calls itself. */
    private static final String NODE_ID = "__vertx.nodeId";

    private static final String CLUSTER = "preceptor";
    private static final long LEAST_SILENCE = 5;
    private static final Duration PROMPT = Duration.ofSeconds(3);
    private static final Duration LONGEST_JOIN = Duration.ofMinutes(2);

    /** What a process is to the others. */
    private enum Role {
        /** Keeps what the cluster knows; goes, and the cluster with it. */
        LEARNER,
        /** Keeps nothing, so that nothing is lost when it dies. */
        WORKER
    }

    /**
     * Begins a cluster; waits until that is done.
     *
     * @throws ConfigurationException if the place is taken, or cannot be listened at
     */
    static ClusterNode begin(VertxOptions options, ClusterSetting setting) {
        return start(options, setting, Role.LEARNER).orElseThrow();
    }

    /**
     * Joins a cluster as one that keeps nothing; waits until that is done.
     *
     * @return empty if there is no learner in it, or none any more
     * @throws ConfigurationException if the own place is taken, or cannot be listened at
     */
    static Optional<ClusterNode> join(VertxOptions options, ClusterSetting setting) {
        try {
            return start(options, setting, Role.WORKER);
        } catch (HazelcastException e) {
            LOG.debug("the learner went while this process came", e);
            return Optional.empty();
        }
    }

    private static Optional<ClusterNode> start(VertxOptions options, ClusterSetting setting, Role role) {
        if (System.getProperty(LOGGING) == null) { // its first words are said before it reads the configuration
            System.setProperty(LOGGING, "slf4j");
        }
        String id = UUID.randomUUID().toString();
        ClusterAddress here = setting.listen().withFreePort();
        HazelcastInstance hazelcast = open(config(setting, here, role, id), here);
        if (hazelcast.getCluster().getMembers().stream().allMatch(Member::isLiteMember)) {
            hazelcast.getLifecycleService().terminate();
            return Optional.empty();
        }
        String host = here.host();
        int busPort = new ClusterAddress(host, 0).withFreePort().port();
        options.setEventBusOptions(
                new EventBusOptions().setHost(host).setPort(busPort).setClusterPublicHost(host));
        try {
            Vertx vertx = Awaited.of(Vertx.builder()
                            .with(options)
                            .withClusterManager(new HazelcastClusterManager(hazelcast))
                            .buildClustered())
                    .orThrow(LONGEST_JOIN);
            return Optional.of(new ClusterNode(vertx, hazelcast, id));
        } catch (RuntimeException e) {
            hazelcast.getLifecycleService().terminate();
            throw e;
        }
    }

    private static HazelcastInstance open(Config config, ClusterAddress here) {
        try {
            return Hazelcast.newHazelcastInstance(config);
        } catch (HazelcastException e) {
            throw new ConfigurationException("cluster.listen: cannot listen at " + here + ": " + e.getMessage(), e);
        }
    }

    /**
     * Leaves the cluster, and ends all threads. Whoever does not answer is not waited for long.
     *
     * @return false if an actor does not stop within that time
     */
    boolean close(Duration grace) {
        Awaited<Void> closing = Awaited.of(vertx.close());
        boolean prompt = closing.quietly(PROMPT);
        // Where the one that kept the list has gone first, this can take minutes: the others ask each other who follows
        // it.
        CompletableFuture<Void> left = new CompletableFuture<>();
        Thread leaving = new Thread(
                () -> {
                    hazelcast.getLifecycleService().terminate();
                    left.complete(null);
                },
                "leaves the cluster");
        leaving.setDaemon(true);
        leaving.start();
        if (!new Awaited<>(left).quietly(grace)) {
            LOG.warn("cluster: not left within {} s", grace.toSeconds());
        }
        return prompt || closing.quietly(grace);
    }

    /** Every kind of discovery is off but the list of members, and so is every call to the makers of the library. */
    private static Config config(ClusterSetting setting, ClusterAddress here, Role role, String id) {
        Config config = new Config();
        config.getMemberAttributeConfig().setAttribute(NODE_ID, id);
        config.setClusterName(CLUSTER);
        config.setLiteMember(role == Role.WORKER);
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        // It waits for members that do not answer, also when it closes, until it takes them as dead.
        long silence = Math.max(LEAST_SILENCE, setting.silence().toSeconds());
        config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
        config.setProperty("hazelcast.max.no.heartbeat.seconds", Long.toString(silence));
        // A handful of addresses is all that it keeps.
        config.setProperty("hazelcast.partition.count", "7");
        config.setProperty("hazelcast.operation.thread.count", "2");
        config.setProperty("hazelcast.operation.generic.thread.count", "2");
        config.setProperty("hazelcast.event.thread.count", "1");
        config.setProperty("hazelcast.io.thread.count", "1");
        config.setProperty("hazelcast.health.monitoring.level", "OFF");
        config.getMetricsConfig().setEnabled(false);
        NetworkConfig network = config.getNetworkConfig();
        network.setPort(here.port()).setPortAutoIncrement(false).setReuseAddress(true);
        network.getInterfaces().setEnabled(true).addInterface(here.host());
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true);
        setting.members().forEach(member -> join.getTcpIpConfig().addMember(member.toString()));
        JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig().setDefaultsDisabled(true);
        // What the library sends itself, exceptions included; no class of anybody else's is made of bytes that come in.
        filter.getWhitelist()
                .addPrefixes(
                        "com.hazelcast.",
                        "io.vertx.spi.cluster.hazelcast.",
                        "java.lang.",
                        "java.util.",
                        "java.io.",
                        "[");
        config.getSerializationConfig().setJavaSerializationFilterConfig(filter);
        // What Vert.x keeps in a cluster.
        config.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
                .setBackupCount(0)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        config.addMapConfig(new MapConfig("__vertx.haInfo").setBackupCount(0));
        config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(0));
        return config;
    }

    /** Hears of every process that leaves or whose connection breaks, by its name; on a thread of the library. */
    void onLoss(Consumer<String> listener) {
        hazelcast.getCluster().addMembershipListener(new MembershipAdapter() {
            @Override
            public void memberRemoved(MembershipEvent event) {
                String id = event.getMember().getAttribute(NODE_ID);
                if (id != null) {
                    listener.accept(id);
                }
            }
        });
    }
}
