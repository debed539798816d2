package ai.preceptor.rollout;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.TeacherException;
import com.hazelcast.core.HazelcastException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as a worker of a learner in another: joins its cluster, gets its weights, and generates and scores what it
 * is asked to, until the learner ends or is gone. A learner sees to it that nothing is lost when a worker dies.
 */
public final class WorkerNode {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerNode.class);
    private static final Duration GRACE = Duration.ofSeconds(30);
    /** To leave the cluster, when the actors have ended. */
    private static final Duration LEAVING = Duration.ofSeconds(5);

    private static final Duration LONGEST_JOIN = Duration.ofSeconds(5);
    private static final Duration FOREVER = Duration.ofDays(1);
    private static final int CONNECT_MILLIS = 1000;
    private static final int RETRY_MILLIS = 100;

    private final ClusterSetting setting;
    private final WorkerHost host;
    private final Consumer<String> log;
    private final int protocol;

    /** @param log takes what a person should know, line by line */
    public WorkerNode(ClusterSetting setting, WorkerHost host, Consumer<String> log) {
        this(setting, host, log, WorkerDesk.PROTOCOL);
    }

    WorkerNode(ClusterSetting setting, WorkerHost host, Consumer<String> log, int protocol) {
        if (setting.members().isEmpty()) {
            throw new ConfigurationException("cluster.members: expected where the learner listens, found none");
        }
        this.setting = setting;
        this.host = host;
        this.log = log;
        this.protocol = protocol;
    }

    /**
     * How a worker's work ended.
     *
     * @param over true if the learner's run is over, false if the learner is gone or wants no more of this worker
     * @param reason in a sentence
     */
    public record End(boolean over, String reason) {}

    /**
     * Works for one learner until its run ends. Waits for a learner as long as the setting's {@code patience}.
     *
     * @throws ConfigurationException if the learner refuses this worker: another secret, another model, another version
     * @throws TeacherException if no learner is found
     */
    public End serve() {
        long deadline = System.nanoTime() + setting.patience().toNanos();
        while (true) {
            awaitLearner(deadline);
            Optional<ClusterNode> node = ClusterNode.join(
                    VertxRollouts.options().setWorkerPoolSize(2).setInternalBlockingPoolSize(2), setting);
            if (node.isPresent()) {
                Optional<End> end = serve(node.get());
                if (end.isPresent()) {
                    return end.get();
                }
            }
            // It was just leaving, say: from the start again.
            if (System.nanoTime() > deadline) {
                throw nobody();
            }
        }
    }

    private Optional<End> serve(ClusterNode node) {
        try {
            SignedWire wire = new SignedWire(node.vertx(), setting.secret());
            return join(wire).map(job -> {
                log.accept("found a learner at " + setting.members());
                return serve(node, wire, job);
            });
        } finally {
            node.close(LEAVING);
        }
    }

    private End serve(ClusterNode node, SignedWire wire, Order.Job job) {
        RolloutCodec.install(node.vertx());
        Context context = node.vertx().getOrCreateContext();
        WorkerHost.Bench bench = host.prepare(job.description(), log);
        try (WeightsFetch weights =
                new WeightsFetch(wire, context, job.desk(), Files.createTempDirectory("preceptor-weights-"))) {
            return work(node, wire, job, bench, weights);
        } catch (IOException e) {
            throw new TeacherException("worker: no place for weights: " + e.getMessage(), e);
        } finally {
            bench.closing().run();
        }
    }

    /** Before anything is started: whether somebody listens there. */
    private void awaitLearner(long deadline) {
        while (setting.members().stream().noneMatch(WorkerNode::listens)) {
            if (System.nanoTime() > deadline) {
                throw nobody();
            }
            rest(RETRY_MILLIS);
        }
    }

    private static boolean listens(ClusterAddress member) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(member.host(), member.port()), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private TeacherException nobody() {
        return new TeacherException("worker: no learner at " + setting.members() + " within "
                + setting.patience().toSeconds() + " s");
    }

    /** The learner may be in the cluster before it takes on workers; or the cluster may be one that it has just left. */
    private Optional<Order.Job> join(SignedWire wire) {
        long end = System.nanoTime() + LONGEST_JOIN.toNanos();
        while (System.nanoTime() < end) {
            try {
                return Optional.of(
                        done(Awaited.of(wire.ask(WorkerDesk.ENTRANCE, new Order.Join(protocol), setting.silence()))
                                .orThrow(setting.silence().multipliedBy(2))));
            } catch (ReplyException | HazelcastException e) {
                LOG.debug("no learner yet", e);
                rest(RETRY_MILLIS);
            }
        }
        return Optional.empty();
    }

    private End work(ClusterNode node, SignedWire wire, Order.Job job, WorkerHost.Bench bench, WeightsFetch weights) {
        String address = "preceptor.worker." + WorkerDesk.random();
        CompletableFuture<End> end = new CompletableFuture<>();
        Actors actors = Actors.deploy(node.vertx(), bench, weights);
        try {
            Awaited.of(wire.serve(address, order -> answer(order, actors, end)).completion())
                    .orThrow(GRACE);
            done(Awaited.of(wire.ask(
                            job.desk(),
                            new Order.Enlist(address, node.id(), bench.digests(), bench.scorers() != null),
                            setting.silence()))
                    .orThrow(setting.silence().multipliedBy(2)));
            log.accept("joined; generates" + (bench.scorers() == null ? "" : " and scores"));
            return beat(wire, job, address, actors, end);
        } catch (ReplyException | HazelcastException e) { // it went between two words
            return new End(false, "the learner is gone: " + e.getMessage());
        } finally {
            actors.close();
        }
    }

    private static Future<? extends Outcome<?>> answer(Order<?> order, Actors actors, CompletableFuture<End> end) {
        if (order instanceof Order.Leave leave) {
            end.complete(new End(leave.over(), leave.reason()));
            return Future.succeededFuture(new Outcome.Done<>(Order.Ready.READY, 0));
        }
        return actors.ask(order);
    }

    /**
     * Shows that it is alive until the learner says good-bye, or gives no sign of life itself. An actor of its own that hangs
     * cannot be ended but with the process, so then it leaves.
     */
    private static End beat(SignedWire wire, Order.Job job, String address, Actors actors, CompletableFuture<End> end) {
        Duration silence = Duration.ofMillis(job.silenceMillis());
        long heard = System.nanoTime();
        while (true) {
            try {
                return end.get(job.heartbeatMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // Then it is time for the next.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("worker: interrupted");
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
            Optional<String> hangs = actors.hanging(silence, Duration.ofMillis(job.heartbeatMillis()));
            if (hangs.isPresent()) {
                wire.ask(job.desk(), new Order.Leave(address, hangs.get(), false), silence);
                return end.getNow(new End(false, hangs.get()));
            }
            @Nullable Outcome<Order.Ready> outcome = heartbeat(wire, job, address, silence);
            if (outcome instanceof Outcome.Failed<Order.Ready> failed) {
                return end.getNow(new End(false, failed.failure().reason()));
            }
            if (outcome != null) {
                heard = System.nanoTime();
            } else if (System.nanoTime() - heard > silence.toNanos()) {
                return end.getNow(
                        new End(false, "the learner is gone: no sign of life for " + silence.toMillis() + " ms"));
            }
        }
    }

    private static @Nullable Outcome<Order.Ready> heartbeat(
            SignedWire wire, Order.Job job, String address, Duration silence) {
        try {
            return Awaited.of(wire.ask(job.desk(), new Order.Beat(address), silence))
                    .orThrow(silence.multipliedBy(2));
        } catch (ReplyException | TeacherException | WireException | HazelcastException e) {
            LOG.debug("no sign of life", e);
            return null;
        }
    }

    private static <R> R done(Outcome<R> outcome) {
        if (outcome instanceof Outcome.Done<R> done) {
            return done.result();
        }
        Failure failure = ((Outcome.Failed<R>) outcome).failure();
        throw new ConfigurationException("the learner refuses this worker: " + failure.reason(), failure.cause());
    }

    private static void rest(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("worker: interrupted");
        }
    }

    /**
     * The same actors as a learner's own.
     *
     * @param lines to the generator, and to the scorer if there is one
     * @param heartbeats of both
     * @param deployments of both
     */
    private record Actors(Vertx vertx, List<LocalLine> lines, List<Heartbeat> heartbeats, List<String> deployments) {
        static Actors deploy(Vertx vertx, WorkerHost.Bench bench, WeightsFetch weights) {
            Actors actors = new Actors(vertx, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            try {
                actors.add(
                        "generator",
                        post -> new GeneratorVerticle(
                                post,
                                version -> bench.engine().open(weights::fetch),
                                () -> 0,
                                DeviceLease.separate(),
                                FOREVER));
                Supplier<? extends Scorer> scorers = bench.scorers();
                if (scorers != null) {
                    actors.add("scorer", post -> new ScorerVerticle(post, scorers));
                }
                return actors;
            } catch (RuntimeException e) {
                actors.close();
                throw e;
            }
        }

        private void add(String name, Function<ActorVerticle.Post, ActorVerticle> hiring) {
            ActorVerticle.Post post = new ActorVerticle.Post("worker." + name, new CallGuard());
            deployments.add(Awaited.of(vertx.deployVerticle(
                            hiring.apply(post), ActorVerticle.onItsOwnThread("worker-" + name, FOREVER)))
                    .orThrow(FOREVER));
            LocalLine line = new LocalLine(vertx, post);
            lines.add(line);
            heartbeats.add(new Heartbeat(line::steps));
        }

        /** Says so if one of them works and makes no step any more. */
        Optional<String> hanging(Duration silence, Duration pause) {
            long now = System.nanoTime();
            Optional<String> hanging = Optional.empty();
            for (int i = 0; i < lines.size(); i++) {
                if (heartbeats.get(i).silence(now, pause) > silence.toNanos()) {
                    hanging = Optional.of(
                            lines.get(i).post().address() + ": no heartbeat for " + silence.toMillis() + " ms");
                }
            }
            return hanging;
        }

        Future<? extends Outcome<?>> ask(Order<?> order) {
            boolean judge = order instanceof Order.Judge;
            if (judge && lines.size() < 2) {
                throw new WireException("message: this worker does not score");
            }
            return lines.get(judge ? 1 : 0).ask(order, FOREVER);
        }

        /** Each closes what is its own, on its own thread. */
        void close() {
            lines.forEach(LocalLine::shut);
            deployments.forEach(
                    deployment -> Awaited.of(vertx.undeploy(deployment)).quietly(GRACE));
        }
    }
}
