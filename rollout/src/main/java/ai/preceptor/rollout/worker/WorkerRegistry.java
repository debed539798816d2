package ai.preceptor.rollout.worker;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.rollout.actor.ActorPool;
import ai.preceptor.rollout.actor.RunSupervisor;
import ai.preceptor.rollout.cluster.LearnerPort;
import ai.preceptor.rollout.cluster.SecureSocket;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.FailureKind;
import ai.preceptor.rollout.message.Outcome;
import ai.preceptor.rollout.message.RemoteFailureException;
import ai.preceptor.rollout.wire.Connection;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The learner's side of workers: registers them, sends them weights if there are any, and removes those that are gone. A
 * worker gets its first request when it has the current weights. For the coordinator's context only.
 */
public final class WorkerRegistry implements Connection.Service {
    /** Protocol version, the same on both sides; raised when messages or their meaning change. */
    static final int PROTOCOL = 4;

    private static final Logger LOG = LoggerFactory.getLogger(WorkerRegistry.class);
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(5);
    private static final int LONGEST_REQUEST = 1 << 20;

    private final Vertx vertx;
    private final LearnerPort port;
    private final WorkerTerms terms;
    private final WorkerPools pools;
    private final WorkerMeters meters;
    private final RunSupervisor supervisor;
    /** Null in an offline stage, whose workers have the files themselves. */
    private final @Nullable WeightsStore store;

    private final Set<Connection> connections = new LinkedHashSet<>();
    private final Map<Connection, Worker> workers = new LinkedHashMap<>();
    private final Promise<Void> enoughWorkers = Promise.promise();
    private int workersNamed;
    private long noWorkersSince = System.nanoTime();
    private boolean closed;

    /** A registry without workers; {@link #open} starts to accept them. */
    public WorkerRegistry(
            Vertx vertx,
            LearnerPort port,
            WorkerTerms terms,
            WorkerPools pools,
            WorkerMeters meters,
            RunSupervisor supervisor) {
        this.vertx = vertx;
        this.port = port;
        this.terms = terms;
        this.pools = pools;
        this.meters = meters;
        this.supervisor = supervisor;
        WeightsPublisher weights = terms.weights();
        this.store = weights == null ? null : new WeightsStore(weights);
    }

    /**
     * The pools that workers join.
     *
     * @param generators joined by every worker
     * @param scorers joined by those that can score; null in an offline stage
     * @param deadline for loading weights
     * @param version of the current weights
     */
    public record WorkerPools(
            ActorPool generators, @Nullable ActorPool scorers, Duration deadline, LongSupplier version) {
        /** Of an offline stage, which has no weights to load. */
        public static WorkerPools computing(ActorPool pool) {
            return new WorkerPools(pool, null, Duration.ZERO, () -> 0);
        }
    }

    /** Starts to accept workers; completes when enough have joined. */
    public Future<?> open(long version) {
        Duration joinTimeout = terms.setting().joinTimeout();
        vertx.setPeriodic(millis(terms.setting().heartbeat()), timer -> checkHeartbeats());
        vertx.setTimer(
                millis(joinTimeout),
                timer -> enoughWorkers.tryFail(new TeacherException("workers: waited " + joinTimeout.toSeconds()
                        + " s for " + terms.atLeast() + " at " + port.address() + ", found " + serving())));
        Context own = vertx.getOrCreateContext();
        return publish(version).compose(done -> {
            port.open(socket -> own.runOnContext(none -> arrive(socket, own)));
            LOG.info("workers may join at {}", port.address());
            countUp();
            return enoughWorkers.future();
        });
    }

    private void arrive(SecureSocket socket, Context own) {
        Connection connection = Connection.open(socket, own, this);
        connections.add(connection);
        if (closed) {
            connection.end("the run is over");
        }
    }

    @Override
    public void ended(Connection connection, String why) {
        connections.remove(connection);
        Worker worker = workers.get(connection);
        if (worker != null && !closed) {
            lose(worker, why);
        }
    }

    /** Most likely its first one: it is of another version of the program. */
    @Override
    public void unreadable() {
        meters.refused();
    }

    /** Workers ask for little: they may make many requests at a time, which must not fill memory. */
    @Override
    public int longestRequest() {
        return LONGEST_REQUEST;
    }

    /** Publishes the current weights to workers. */
    public Future<?> publish(long version) {
        WeightsStore files = store;
        if (files == null) {
            return Future.succeededFuture();
        }
        return vertx.executeBlocking(
                () -> {
                    files.publish(version);
                    return version;
                },
                false);
    }

    private Future<? extends Outcome<?>> join(ActorMessage.Join join) {
        if (join.protocol() != PROTOCOL) {
            return refused("the worker speaks version " + join.protocol() + " of the protocol, this run " + PROTOCOL
                    + ": start both from the same version of the program");
        }
        return done(new ActorMessage.Job(
                terms.description(),
                millis(terms.setting().heartbeat()),
                millis(terms.setting().heartbeatTimeout())));
    }

    @Override
    public Future<? extends Outcome<?>> answer(Connection from, ActorMessage<?> request) {
        if (request instanceof ActorMessage.Join join) {
            return join(join);
        }
        if (request instanceof ActorMessage.Register register) {
            return register(from, register);
        }
        if (request instanceof ActorMessage.Heartbeat) {
            return heartbeat(from);
        }
        if (request instanceof ActorMessage.Leave leave) {
            Optional.ofNullable(workers.get(from)).ifPresent(worker -> lose(worker, leave.reason()));
            return done(ActorMessage.Ready.READY);
        }
        WeightsStore files = store;
        if (files != null && request instanceof ActorMessage.ListWeights wanted) {
            return done(files.manifest(wanted.version()));
        }
        if (files != null && request instanceof ActorMessage.Fetch wanted) {
            return done(files.read(wanted));
        }
        return refused("expected a worker's request");
    }

    private Future<? extends Outcome<?>> register(Connection from, ActorMessage.Register asked) {
        if (closed) { // it has been sent Leave, or will be
            return Future.failedFuture(new RemoteFailureException("the run is over"));
        }
        Set<String> wrong = new TreeSet<>();
        asked.digests().forEach((model, digest) -> {
            if (!digest.equals(terms.digests().get(model))) {
                wrong.add(model);
            }
        });
        required().stream().filter(model -> !asked.digests().containsKey(model)).forEach(wrong::add);
        if (!wrong.isEmpty()) {
            return refused("the worker's files differ from this run's: "
                    + String.join(
                            ", ",
                            wrong.stream()
                                    .map(model -> difference(model, asked))
                                    .toList()));
        }
        Optional.ofNullable(workers.get(from)).ifPresent(before -> lose(before, "it joined again"));
        String name = "worker-" + ++workersNamed;
        Worker worker = new Worker(name, from, asked.scores(), actorRef(from));
        workers.put(from, worker);
        meters.joined();
        LOG.info("{} joined{}", name, asked.scores() ? ", and scores too" : "");
        prepare(worker);
        return done(ActorMessage.Ready.READY);
    }

    /** A worker that generates need not be able to score. */
    private Set<String> required() {
        return store == null ? terms.digests().keySet() : Set.of("model");
    }

    private String difference(String model, ActorMessage.Register asked) {
        return model + " is " + brief(asked.digests().get(model)) + ", expected "
                + brief(terms.digests().get(model));
    }

    private static String brief(@Nullable String digest) {
        return digest == null ? "none" : "SHA-256 " + digest.substring(0, Math.min(12, digest.length()));
    }

    private RemoteActorRef actorRef(Connection to) {
        return new RemoteActorRef(to, why -> {
            Worker worker = workers.get(to);
            if (worker != null) {
                lose(worker, why);
            }
        });
    }

    /** Makes it fetch the current weights. */
    private void prepare(Worker worker) {
        long version = pools.version().getAsLong();
        if (store == null) {
            worker.version = version;
            worker.state = Worker.State.READY;
            supervisor.changed();
            return;
        }
        worker.state = Worker.State.PREPARING;
        worker.generator
                .ask(new ActorMessage.Refresh(version), pools.deadline())
                .onComplete(taken -> {
                    if (!workers.containsValue(worker)) {
                        return;
                    }
                    boolean failed = taken.failed() || taken.result() instanceof Outcome.Failed;
                    if (failed && version != pools.version().getAsLong()) {
                        worker.missedRefresh = true;
                        prepare(worker); // that version is outdated
                        return;
                    }
                    if (failed) {
                        lose(worker, "cannot take version " + version + ": " + problem(taken));
                        return;
                    }
                    worker.version = version;
                    worker.state = Worker.State.READY;
                    supervisor.changed();
                });
    }

    private static String problem(AsyncResult<? extends Outcome<?>> taken) {
        return taken.succeeded() && taken.result() instanceof Outcome.Failed<?> failed
                ? failed.failure().reason()
                : String.valueOf(taken.cause().getMessage());
    }

    /** Adds workers that have the current weights to the pools; to be called while no publication is in progress. */
    public void settle() {
        for (Worker worker : List.copyOf(workers.values())) {
            if (worker.state == Worker.State.READY) {
                if (worker.version != pools.version().getAsLong()) {
                    worker.missedRefresh = true;
                    prepare(worker);
                } else {
                    worker.state = Worker.State.SERVING;
                    pools.generators().admit(worker.name, worker.generator);
                    ActorPool scorers = pools.scorers();
                    if (worker.scores && scorers != null) {
                        RemoteActorRef scorer = actorRef(worker.connection);
                        worker.add(scorer);
                        scorers.admit(worker.name, scorer);
                    }
                }
            }
        }
        countUp();
    }

    /**
     * True while a worker loads weights that missed the version before: a learner that publishes faster than it loads would
     * stay ahead forever, so the next publication waits.
     */
    public boolean isBehind() {
        return workers.values().stream()
                .anyMatch(worker -> worker.missedRefresh && worker.state == Worker.State.PREPARING);
    }

    private void countUp() {
        if (serving() >= terms.atLeast()) {
            enoughWorkers.tryComplete();
        }
    }

    private long serving() {
        return workers.values().stream()
                .filter(worker -> worker.state == Worker.State.SERVING)
                .count();
    }

    private Future<? extends Outcome<?>> heartbeat(Connection from) {
        Worker worker = workers.get(from);
        if (worker == null) {
            return Future.succeededFuture(Outcome.failed(
                    FailureKind.LOST, new TeacherException("not a worker of this run, or not any more")));
        }
        worker.heartbeats++;
        return done(ActorMessage.Ready.READY);
    }

    /** Removes workers without heartbeats, and ends the run if none has been left for too long. */
    private void checkHeartbeats() {
        long now = System.nanoTime();
        for (Worker worker : List.copyOf(workers.values())) {
            long silent = worker.heartbeat.sinceLastStep(now, terms.setting().heartbeat());
            if (silent > terms.setting().heartbeatTimeout().toNanos()) {
                lose(
                        worker,
                        "no heartbeat for " + terms.setting().heartbeatTimeout().toMillis() + " ms");
            }
        }
        if (!workers.isEmpty() || !pools.generators().isEmpty()) {
            noWorkersSince = now;
        } else if (now - noWorkersSince > terms.setting().joinTimeout().toNanos()
                && enoughWorkers.future().succeeded()) {
            supervisor.fail(new TeacherException(
                    "workers: none for " + terms.setting().joinTimeout().toSeconds() + " s"
                            + (store == null ? "" : ", and this process does not generate itself (generators is 0)")));
        }
    }

    /** Removes a worker; its requests are retried by others, and it may join again. */
    private void lose(Worker worker, String why) {
        if (workers.remove(worker.connection) == null) {
            return;
        }
        meters.lost();
        LOG.warn("{} is lost: {}", worker.name, why);
        pools.generators().lose(worker.name);
        if (pools.scorers() != null) {
            pools.scorers().lose(worker.name);
        }
        worker.fail(worker.name + " is lost: " + why);
        sendLeave(worker.connection, why, false);
        supervisor.changed();
    }

    /** Tells all workers that the run is over and closes their connections. */
    public Future<?> close(String why) {
        closed = true;
        List<Future<?>> left = new ArrayList<>();
        // Including those that have not registered.
        connections.forEach(connection -> left.add(sendLeave(connection, why, true)));
        return Future.join(left).otherwiseEmpty().eventually(() -> {
            List.copyOf(connections).forEach(connection -> connection.end(why));
            return Future.succeededFuture();
        });
    }

    private static Future<?> sendLeave(Connection connection, String why, boolean over) {
        return connection.ask(new ActorMessage.Leave(why, over), LEAVE_TIMEOUT).eventually(() -> {
            connection.close();
            return Future.succeededFuture();
        });
    }

    private Future<? extends Outcome<?>> refused(String why) {
        meters.refused();
        LOG.warn("a worker was refused: {}", why);
        return Future.succeededFuture(Outcome.failed(FailureKind.THREW, new ConfigurationException(why)));
    }

    private static Future<? extends Outcome<?>> done(Object result) {
        return Future.succeededFuture(new Outcome.Done<>(Objects.requireNonNull(result), 0));
    }

    private static long millis(Duration duration) {
        return Math.max(1, duration.toMillis());
    }
}
