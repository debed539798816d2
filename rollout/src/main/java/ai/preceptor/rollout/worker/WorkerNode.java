package ai.preceptor.rollout.worker;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.rollout.actor.RolloutVertx;
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
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker: connects to a learner in another process, and generates and scores with its weights, or computes chunks of an
 * offline stage, until the learner ends or is gone. The learner retries elsewhere what a dead worker was doing.
 */
public final class WorkerNode {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerNode.class);
    /** For closing the connection when the actors have ended. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** For ending what the actors do, and removing weights. */
    private static final Duration CLEAR_TIMEOUT = Duration.ofSeconds(30);

    private static final String STOPPED = "this worker was stopped";

    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(1);
    /** When there are several addresses to try. */
    private static final Duration LONGEST_HANDSHAKE = Duration.ofSeconds(30);

    private static final int RETRY_MILLIS = 100;

    private final ClusterSetting setting;
    private final WorkerHost host;
    private final Consumer<String> log;
    private final int protocol;
    private final AtomicReference<@Nullable Stay> stay = new AtomicReference<>();
    private volatile boolean stopped;

    /** @param log called with messages for the user, line by line */
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
     * How a worker ended.
     *
     * @param over true if the learner's run is over, false if the learner is gone or dropped this worker
     * @param reason in a sentence
     */
    public record End(boolean over, String reason) {}

    /**
     * While weights are on this machine.
     *
     * @param learner whose they are
     * @param end ends the work
     * @param cleared completes when they are removed
     */
    private record Stay(Connection learner, CompletableFuture<End> end, CompletableFuture<Boolean> cleared) {}

    /**
     * Works for one learner until its run ends. Waits for a learner as long as the setting's {@code joinTimeout}.
     *
     * @throws ConfigurationException if the learner refuses this worker: another secret, another model, another version
     * @throws TeacherException if no learner is found
     * @throws CancellationException after {@link #stop}
     */
    public End serve() {
        if (stopped) {
            throw new CancellationException(STOPPED);
        }
        ClusterTls tls = new ClusterTls(setting.secret());
        long deadline = System.nanoTime() + setting.joinTimeout().toNanos();
        while (true) {
            Optional<End> end = connect(tls, deadline).flatMap(this::serve);
            if (end.isPresent()) {
                return end.get();
            }
            // No learner yet, or one that was shutting down.
            if (System.nanoTime() > deadline) {
                throw new TeacherException("worker: no learner at " + setting.members() + " within "
                        + setting.joinTimeout().toSeconds() + " s");
            }
            rest(RETRY_MILLIS);
        }
    }

    /**
     * Leaves the learner, and returns when its weights are removed from this machine, but after 30 s at the latest. From a thread other than
     * that of {@link #serve}; for a process that is about to end.
     */
    public void stop() {
        stopped = true;
        Stay now = stay.get();
        if (now != null) {
            Awaited.of(now.learner().ask(new ActorMessage.Leave(STOPPED, false), CLOSE_TIMEOUT))
                    .quietly(CLOSE_TIMEOUT);
            now.end().complete(new End(false, STOPPED));
            new Awaited<>(now.cleared()).quietly(CLEAR_TIMEOUT);
        }
    }

    /** A learner listens before it is ready to answer; waits for that unless there are other addresses to try. */
    private Optional<SecureSocket> connect(ClusterTls tls, long deadline) {
        Duration left = Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
        boolean only = setting.members().size() == 1;
        Duration handshakeTimeout = only || left.compareTo(LONGEST_HANDSHAKE) < 0 ? left : LONGEST_HANDSHAKE;
        for (ClusterAddress member : setting.members()) {
            try {
                return Optional.of(
                        SecureSocket.connect(tls, setting.listen(), member, LONGEST_CONNECT, handshakeTimeout));
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

    /** Empty if it was not a learner, or one that was shutting down. */
    private Optional<End> serve(SecureSocket socket) {
        Vertx vertx = RolloutVertx.start(2);
        RequestHandler handler = new RequestHandler();
        Connection learner = Connection.open(socket, vertx.getOrCreateContext(), handler);
        try {
            Optional<ActorMessage.Job> job = join(learner);
            if (job.isEmpty()) {
                return Optional.empty();
            }
            log.accept("found a learner at " + setting.members());
            return Optional.of(serve(vertx, learner, handler, job.get()));
        } finally {
            learner.close();
            Awaited.of(learner.ended()).quietly(CLOSE_TIMEOUT);
            learner.end("this worker has ended");
            Awaited.of(vertx.close()).quietly(CLOSE_TIMEOUT);
        }
    }

    private End serve(Vertx vertx, Connection learner, RequestHandler handler, ActorMessage.Job job) {
        WorkerHost.WorkerRuntime runtime = host.prepare(job.description(), log);
        try {
            return runtime instanceof WorkerHost.SamplingRuntime sampling
                    ? sample(vertx, learner, handler, job, sampling)
                    : compute(vertx, learner, handler, job, (WorkerHost.ChunkRuntime) runtime);
        } finally {
            runtime.closing().run();
        }
    }

    private End sample(
            Vertx vertx,
            Connection learner,
            RequestHandler handler,
            ActorMessage.Job job,
            WorkerHost.SamplingRuntime runtime) {
        Stay now = new Stay(learner, handler.end, new CompletableFuture<>());
        stay.set(now);
        try (WeightsFetch weights = new WeightsFetch(learner, Files.createTempDirectory("preceptor-weights-"));
                WorkerActors actors = WorkerActors.sampling(vertx, runtime, weights)) {
            boolean scores = runtime.scorers() != null;
            handler.actors.set(actors);
            return work(
                    learner,
                    handler,
                    job,
                    new ActorMessage.Register(runtime.digests(), scores),
                    scores ? "generates and scores" : "generates");
        } catch (IOException e) {
            throw new TeacherException("worker: cannot create a directory for weights: " + e.getMessage(), e);
        } finally {
            stay.set(null);
            now.cleared().complete(true);
        }
    }

    private End compute(
            Vertx vertx,
            Connection learner,
            RequestHandler handler,
            ActorMessage.Job job,
            WorkerHost.ChunkRuntime runtime) {
        try (WorkerActors actors = WorkerActors.computing(vertx, runtime)) {
            handler.actors.set(actors);
            return work(learner, handler, job, new ActorMessage.Register(runtime.digests(), false), "computes");
        }
    }

    private Optional<ActorMessage.Job> join(Connection learner) {
        try {
            return Optional.of(done(ask(learner, new ActorMessage.Join(protocol), setting.heartbeatTimeout())));
        } catch (ReplyException | RemoteFailureException e) {
            if (e.getCause() instanceof WireException) {
                throw new ConfigurationException(
                        "the learner speaks another version of the protocol: start both from the"
                                + " same version of the program (" + e.getMessage() + ")",
                        e);
            }
            LOG.debug("no learner yet", e);
            return Optional.empty();
        }
    }

    /** @param does what it does from now on, for the log */
    private End work(
            Connection learner,
            RequestHandler handler,
            ActorMessage.Job job,
            ActorMessage.Register registration,
            String does) {
        try {
            done(ask(learner, registration, setting.heartbeatTimeout()));
            log.accept("joined; " + does);
            return sendHeartbeats(learner, job, handler);
        } catch (ReplyException | RemoteFailureException e) { // it closed the connection meanwhile
            return handler.end.getNow(gone(String.valueOf(e.getMessage())));
        }
    }

    private static <R> Outcome<R> ask(Connection learner, ActorMessage<R> request, Duration deadline) {
        return Awaited.of(learner.ask(request, deadline)).orThrow(deadline.multipliedBy(2));
    }

    private static End gone(String why) {
        return new End(false, "the learner is gone: " + why);
    }

    /** Handles the learner's requests. */
    private static final class RequestHandler implements Connection.Service {
        final CompletableFuture<End> end = new CompletableFuture<>();
        final AtomicReference<@Nullable WorkerActors> actors = new AtomicReference<>();

        @Override
        public Future<? extends Outcome<?>> answer(Connection from, ActorMessage<?> request) {
            if (request instanceof ActorMessage.Leave leave) {
                end.complete(new End(leave.over(), leave.reason()));
                return Future.succeededFuture(Outcome.ready());
            }
            WorkerActors ready = actors.get();
            if (ready == null) {
                throw new WireException("message: this worker has not joined");
            }
            return ready.ask(request);
        }

        /** A killed learner is noticed at once. */
        @Override
        public void ended(Connection connection, String why) {
            end.complete(gone(why));
        }
    }

    /**
     * Sends heartbeats until the learner leaves, is gone, or stops answering them. If an actor of this process hangs, only
     * ending the process ends it, so the worker leaves.
     */
    private static End sendHeartbeats(Connection learner, ActorMessage.Job job, RequestHandler handler) {
        CompletableFuture<End> end = handler.end;
        WorkerActors actors = Objects.requireNonNull(handler.actors.get(), "worker: no actors");
        Duration heartbeatTimeout = Duration.ofMillis(job.heartbeatTimeoutMillis());
        long heard = System.nanoTime();
        while (true) {
            try {
                return end.get(job.heartbeatMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // Time for the next heartbeat.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("worker: interrupted");
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
            Optional<String> hangs = actors.hanging(heartbeatTimeout, Duration.ofMillis(job.heartbeatMillis()));
            if (hangs.isPresent()) {
                learner.ask(new ActorMessage.Leave(hangs.get(), false), heartbeatTimeout);
                return end.getNow(new End(false, hangs.get()));
            }
            @Nullable Outcome<ActorMessage.Ready> outcome = heartbeat(learner, heartbeatTimeout);
            if (outcome instanceof Outcome.Failed<ActorMessage.Ready> failed) {
                return end.getNow(new End(false, failed.failure().reason()));
            }
            if (outcome != null) {
                heard = System.nanoTime();
            } else if (System.nanoTime() - heard > heartbeatTimeout.toNanos()) {
                return end.getNow(gone("no heartbeat for " + heartbeatTimeout.toMillis() + " ms"));
            }
        }
    }

    private static @Nullable Outcome<ActorMessage.Ready> heartbeat(Connection learner, Duration heartbeatTimeout) {
        try {
            return ask(learner, new ActorMessage.Heartbeat(), heartbeatTimeout);
        } catch (ReplyException | RemoteFailureException | TeacherException | WireException e) {
            LOG.debug("no heartbeat", e);
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
}
