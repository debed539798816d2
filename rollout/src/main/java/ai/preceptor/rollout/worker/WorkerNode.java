package ai.preceptor.rollout.worker;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.TeacherException;
import ai.preceptor.rollout.actor.ActorVerticle;
import ai.preceptor.rollout.actor.CallGuard;
import ai.preceptor.rollout.actor.DeviceLease;
import ai.preceptor.rollout.actor.GeneratorVerticle;
import ai.preceptor.rollout.actor.Heartbeat;
import ai.preceptor.rollout.actor.LocalActorRef;
import ai.preceptor.rollout.actor.RolloutVertx;
import ai.preceptor.rollout.actor.ScorerVerticle;
import ai.preceptor.rollout.cluster.ClusterAddress;
import ai.preceptor.rollout.cluster.ClusterSetting;
import ai.preceptor.rollout.cluster.ClusterTls;
import ai.preceptor.rollout.cluster.SecureSocket;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.Awaited;
import ai.preceptor.rollout.message.Failure;
import ai.preceptor.rollout.message.Outcome;
import ai.preceptor.rollout.message.RemoteFailureException;
import ai.preceptor.rollout.wire.Connection;
import ai.preceptor.rollout.wire.WireException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import java.io.IOException;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as a worker of a learner in another: connects to it, gets its weights, and generates and scores what it
 * is asked to, until the learner ends or is gone. A learner sees to it that nothing is lost when a worker dies.
 */
public final class WorkerNode {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerNode.class);
    private static final Duration GRACE = Duration.ofSeconds(30);
    /** To say good-bye, when the actors have ended. */
    private static final Duration LEAVING = Duration.ofSeconds(5);

    private static final Duration FOREVER = Duration.ofDays(1);
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(1);
    /** With one of several that may be learners. */
    private static final Duration LONGEST_HANDSHAKE = Duration.ofSeconds(30);

    private static final int RETRY_MILLIS = 100;

    private final ClusterSetting setting;
    private final WorkerHost host;
    private final Consumer<String> log;
    private final int protocol;

    /** @param log takes what a person should know, line by line */
    public WorkerNode(ClusterSetting setting, WorkerHost host, Consumer<String> log) {
        this(setting, host, log, WorkerRegistry.PROTOCOL);
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
        ClusterTls tls = new ClusterTls(setting.secret());
        long deadline = System.nanoTime() + setting.patience().toNanos();
        while (true) {
            Optional<End> end = connect(tls, deadline).flatMap(this::serve);
            if (end.isPresent()) {
                return end.get();
            }
            // Nobody is there yet; or one was just leaving: from the start again.
            if (System.nanoTime() > deadline) {
                throw new TeacherException("worker: no learner at " + setting.members() + " within "
                        + setting.patience().toSeconds() + " s");
            }
            rest(RETRY_MILLIS);
        }
    }

    /** A learner listens before it is ready, and answers nobody yet; only where there are others to try that is not waited for. */
    private Optional<SecureSocket> connect(ClusterTls tls, long deadline) {
        Duration left = Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
        boolean only = setting.members().size() == 1;
        Duration shaking = only || left.compareTo(LONGEST_HANDSHAKE) < 0 ? left : LONGEST_HANDSHAKE;
        for (ClusterAddress member : setting.members()) {
            try {
                return Optional.of(SecureSocket.connect(tls, setting.listen(), member, LONGEST_CONNECT, shaking));
            } catch (IOException e) {
                if (ClusterTls.isOtherKey(e)) {
                    throw new ConfigurationException("cluster: what listens at " + member + " has another secret than"
                            + " this process, or none; both must have the same in the environment");
                }
                LOG.debug("no learner at {}", member, e);
            }
        }
        return Optional.empty();
    }

    /** Empty if it was no learner, or one that was just leaving. */
    private Optional<End> serve(SecureSocket socket) {
        Vertx vertx = RolloutVertx.start(2);
        Orders orders = new Orders();
        Connection learner = Connection.open(socket, vertx.getOrCreateContext(), orders);
        try {
            Optional<ActorMessage.Job> job = join(learner);
            if (job.isEmpty()) {
                return Optional.empty();
            }
            log.accept("found a learner at " + setting.members());
            return Optional.of(serve(vertx, learner, orders, job.get()));
        } finally {
            learner.close();
            Awaited.of(learner.ended()).quietly(LEAVING);
            learner.end("this worker has ended");
            Awaited.of(vertx.close()).quietly(LEAVING);
        }
    }

    private End serve(Vertx vertx, Connection learner, Orders orders, ActorMessage.Job job) {
        WorkerHost.WorkerRuntime bench = host.prepare(job.description(), log);
        try (WeightsFetch weights = new WeightsFetch(learner, Files.createTempDirectory("preceptor-weights-"))) {
            return work(vertx, learner, orders, job, bench, weights);
        } catch (IOException e) {
            throw new TeacherException("worker: no place for weights: " + e.getMessage(), e);
        } finally {
            bench.closing().run();
        }
    }

    private Optional<ActorMessage.Job> join(Connection learner) {
        try {
            return Optional.of(done(Awaited.of(learner.ask(new ActorMessage.Join(protocol), setting.silence()))
                    .orThrow(setting.silence().multipliedBy(2))));
        } catch (ReplyException | RemoteFailureException e) {
            LOG.debug("no learner yet", e);
            return Optional.empty();
        } catch (WireException e) {
            throw new ConfigurationException(
                    "the learner speaks another version of the protocol: start both from the"
                            + " same version of the program (" + e.getMessage() + ")",
                    e);
        }
    }

    private End work(
            Vertx vertx,
            Connection learner,
            Orders orders,
            ActorMessage.Job job,
            WorkerHost.WorkerRuntime bench,
            WeightsFetch weights) {
        Actors actors = Actors.deploy(vertx, bench, weights);
        try {
            orders.actors.set(actors);
            done(Awaited.of(learner.ask(
                            new ActorMessage.Enlist(bench.digests(), bench.scorers() != null), setting.silence()))
                    .orThrow(setting.silence().multipliedBy(2)));
            log.accept("joined; generates" + (bench.scorers() == null ? "" : " and scores"));
            return beat(learner, job, actors, orders.end);
        } catch (ReplyException | RemoteFailureException e) { // it went between two words
            return orders.end.getNow(gone(String.valueOf(e.getMessage())));
        } finally {
            actors.close();
        }
    }

    private static End gone(String why) {
        return new End(false, "the learner is gone: " + why);
    }

    /** What the learner asks. */
    private static final class Orders implements Connection.Service {
        final CompletableFuture<End> end = new CompletableFuture<>();
        final AtomicReference<@Nullable Actors> actors = new AtomicReference<>();

        @Override
        public Future<? extends Outcome<?>> answer(Connection from, ActorMessage<?> order) {
            if (order instanceof ActorMessage.Leave leave) {
                end.complete(new End(leave.over(), leave.reason()));
                return Future.succeededFuture(new Outcome.Done<>(ActorMessage.Ready.READY, 0));
            }
            Actors ready = actors.get();
            if (ready == null) {
                throw new WireException("message: this worker has not joined");
            }
            return ready.ask(order);
        }

        /** So a learner that was killed is noticed at once. */
        @Override
        public void ended(Connection connection, String why) {
            end.complete(gone(why));
        }
    }

    /**
     * Shows that it is alive until the learner says good-bye, is gone, or gives no sign of life itself. An actor of its own that
     * hangs cannot be ended but with the process, so then it leaves.
     */
    private static End beat(Connection learner, ActorMessage.Job job, Actors actors, CompletableFuture<End> end) {
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
                learner.ask(new ActorMessage.Leave(hangs.get(), false), silence);
                return end.getNow(new End(false, hangs.get()));
            }
            @Nullable Outcome<ActorMessage.Ready> outcome = heartbeat(learner, silence);
            if (outcome instanceof Outcome.Failed<ActorMessage.Ready> failed) {
                return end.getNow(new End(false, failed.failure().reason()));
            }
            if (outcome != null) {
                heard = System.nanoTime();
            } else if (System.nanoTime() - heard > silence.toNanos()) {
                return end.getNow(gone("no sign of life for " + silence.toMillis() + " ms"));
            }
        }
    }

    private static @Nullable Outcome<ActorMessage.Ready> heartbeat(Connection learner, Duration silence) {
        try {
            return Awaited.of(learner.ask(new ActorMessage.Beat(), silence)).orThrow(silence.multipliedBy(2));
        } catch (ReplyException | RemoteFailureException | TeacherException | WireException e) {
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
    private record Actors(
            Vertx vertx, List<LocalActorRef> lines, List<Heartbeat> heartbeats, List<String> deployments) {
        static Actors deploy(Vertx vertx, WorkerHost.WorkerRuntime bench, WeightsFetch weights) {
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

        private void add(String name, Function<ActorVerticle.ActorEndpoint, ActorVerticle> spawning) {
            ActorVerticle.ActorEndpoint post = new ActorVerticle.ActorEndpoint("worker." + name, new CallGuard());
            deployments.add(Awaited.of(vertx.deployVerticle(
                            spawning.apply(post), ActorVerticle.onItsOwnThread("worker-" + name, FOREVER)))
                    .orThrow(FOREVER));
            LocalActorRef line = new LocalActorRef(vertx, post);
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

        Future<? extends Outcome<?>> ask(ActorMessage<?> order) {
            boolean judge = order instanceof ActorMessage.Judge;
            if (judge && lines.size() < 2) {
                throw new WireException("message: this worker does not score");
            }
            return lines.get(judge ? 1 : 0).ask(order, FOREVER);
        }

        /** Each closes what is its own, on its own thread. */
        void close() {
            lines.forEach(LocalActorRef::shut);
            deployments.forEach(
                    deployment -> Awaited.of(vertx.undeploy(deployment)).quietly(GRACE));
        }
    }
}
