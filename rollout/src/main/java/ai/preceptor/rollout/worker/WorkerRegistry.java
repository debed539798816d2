package ai.preceptor.rollout.worker;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.rollout.actor.ActorPool;
import ai.preceptor.rollout.actor.RunSupervisor;
import ai.preceptor.rollout.cluster.LearnerPort;
import ai.preceptor.rollout.cluster.SecureSocket;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.Failure;
import ai.preceptor.rollout.message.FailureKind;
import ai.preceptor.rollout.message.Outcome;
import ai.preceptor.rollout.message.RemoteFailureException;
import ai.preceptor.rollout.wire.Connection;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
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
 * Takes on workers, gives them weights, notices when they are gone. A worker gets its first order when it has the weights
 * that are valid then. For the coordinator's context.
 */
public final class WorkerRegistry implements Connection.Service {
    /** What both sides must speak; raised when messages or what they mean change. */
    static final int PROTOCOL = 2;

    private static final Logger LOG = LoggerFactory.getLogger(WorkerRegistry.class);
    private static final Duration FAREWELL = Duration.ofSeconds(2);
    /** Reads weights, while the threads of others write the next ones. */
    private static final int READERS = 4;

    private final Vertx vertx;
    private final LearnerPort port;
    private final WorkerTerms terms;
    private final Staff staff;
    private final WorkerMeters meters;
    private final RunSupervisor supervisor;
    private final WeightsStore store;
    private final WorkerExecutor readers;
    private final Set<Connection> connections = new LinkedHashSet<>();
    private final Map<Connection, Worker> workers = new LinkedHashMap<>();
    private final Promise<Void> enough = Promise.promise();
    private int named;
    private long aloneSince = System.nanoTime();
    private boolean closed;

    /** A registry without workers; {@link #open} lets them in. */
    public WorkerRegistry(
            Vertx vertx,
            LearnerPort port,
            WorkerTerms terms,
            Staff staff,
            WorkerMeters meters,
            RunSupervisor supervisor) {
        this.vertx = vertx;
        this.port = port;
        this.terms = terms;
        this.staff = staff;
        this.meters = meters;
        this.supervisor = supervisor;
        this.store = new WeightsStore(terms.weights());
        this.readers = vertx.createSharedWorkerExecutor("reads weights", READERS);
    }

    /**
     * Where workers go.
     *
     * @param generators the pool that they join
     * @param scorers the pool that those which can score join too
     * @param deadline for taking weights
     * @param version of the weights that sample
     */
    public record Staff(ActorPool generators, ActorPool scorers, Duration deadline, LongSupplier version) {}

    /** Opens; done when enough workers are there. */
    public Future<?> open(long version) {
        Duration patience = terms.setting().patience();
        vertx.setPeriodic(millis(terms.setting().heartbeat()), timer -> look());
        vertx.setTimer(
                millis(patience),
                timer -> enough.tryFail(new TeacherException("workers: waited " + patience.toSeconds() + " s for "
                        + terms.atLeast() + " at " + port.address() + ", found " + serving())));
        Context own = vertx.getOrCreateContext();
        return publish(version).compose(done -> {
            port.open(socket -> own.runOnContext(none -> arrive(socket, own)));
            LOG.info("workers may join at {}", port.address());
            countUp();
            return enough.future();
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

    /** Writes weights for workers. */
    public Future<?> publish(long version) {
        return vertx.executeBlocking(
                () -> {
                    store.publish(version);
                    return version;
                },
                false);
    }

    private Future<? extends Outcome<?>> greet(ActorMessage<?> order) {
        if (!(order instanceof ActorMessage.Join join)) {
            return refused("expected a worker that joins");
        }
        if (join.protocol() != PROTOCOL) {
            return refused("a worker speaks version " + join.protocol() + " of the protocol, this run " + PROTOCOL
                    + ": start both from the same version of the program");
        }
        return done(new ActorMessage.Job(
                terms.description(),
                millis(terms.setting().heartbeat()),
                millis(terms.setting().silence())));
    }

    @Override
    public Future<? extends Outcome<?>> answer(Connection from, ActorMessage<?> order) {
        if (order instanceof ActorMessage.Join) {
            return greet(order);
        }
        if (order instanceof ActorMessage.Enlist enlist) {
            return enlist(from, enlist);
        }
        if (order instanceof ActorMessage.Beat) {
            return beat(from);
        }
        if (order instanceof ActorMessage.Leave leave) {
            Optional.ofNullable(workers.get(from)).ifPresent(worker -> lose(worker, leave.reason()));
            return done(ActorMessage.Ready.READY);
        }
        if (order instanceof ActorMessage.ListWeights wanted) {
            return done(store.manifest(wanted.version()));
        }
        if (order instanceof ActorMessage.Fetch wanted) {
            return readers.executeBlocking(() -> new Outcome.Done<>(store.read(wanted), 0), false);
        }
        return refused("expected an order of a worker");
    }

    private Future<? extends Outcome<?>> enlist(Connection from, ActorMessage.Enlist asked) {
        if (closed) { // it was told so, or is being told
            return Future.failedFuture(new RemoteFailureException("the run is over"));
        }
        Set<String> wrong = new TreeSet<>();
        asked.digests().forEach((model, digest) -> {
            if (!digest.equals(terms.digests().get(model))) {
                wrong.add(model);
            }
        });
        if (!asked.digests().containsKey("model")) {
            wrong.add("model");
        }
        if (!wrong.isEmpty()) {
            return refused("the worker's files differ from this run's: "
                    + String.join(
                            ", ",
                            wrong.stream()
                                    .map(model -> difference(model, asked))
                                    .toList()));
        }
        Optional.ofNullable(workers.get(from)).ifPresent(before -> lose(before, "it joined anew"));
        String name = "worker-" + ++named;
        Worker worker = new Worker(name, from, asked.scores(), line(from), System.nanoTime());
        workers.put(from, worker);
        meters.joined();
        LOG.info("{} joined{}", name, asked.scores() ? ", and scores too" : "");
        prepare(worker);
        return done(ActorMessage.Ready.READY);
    }

    private String difference(String model, ActorMessage.Enlist asked) {
        return model + " is " + brief(asked.digests().get(model)) + ", expected "
                + brief(terms.digests().get(model));
    }

    private static String brief(@Nullable String digest) {
        return digest == null ? "none" : "SHA-256 " + digest.substring(0, Math.min(12, digest.length()));
    }

    private RemoteActorRef line(Connection to) {
        return new RemoteActorRef(to, why -> {
            Worker worker = workers.get(to);
            if (worker != null) {
                lose(worker, why);
            }
        });
    }

    /** Has it take the weights that are valid now. */
    private void prepare(Worker worker) {
        long version = staff.version().getAsLong();
        worker.state = Worker.State.PREPARING;
        worker.generating
                .ask(new ActorMessage.Refresh(version), staff.deadline())
                .onComplete(taken -> {
                    if (!workers.containsValue(worker)) {
                        return;
                    }
                    boolean failed = taken.failed() || taken.result() instanceof Outcome.Failed;
                    if (failed && version != staff.version().getAsLong()) {
                        worker.late = true;
                        prepare(worker); // that version is not to be had any more
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

    /** Gives orders to those who have the weights that are valid now; to be called when no new ones are on their way. */
    public void settle() {
        for (Worker worker : List.copyOf(workers.values())) {
            if (worker.state == Worker.State.READY) {
                if (worker.version != staff.version().getAsLong()) {
                    worker.late = true;
                    prepare(worker);
                } else {
                    worker.state = Worker.State.SERVING;
                    staff.generators().admit(worker.name, worker.generating);
                    if (worker.scores) {
                        RemoteActorRef scoring = line(worker.connection);
                        worker.add(scoring);
                        staff.scorers().admit(worker.name, scoring);
                    }
                }
            }
        }
        countUp();
    }

    /**
     * True while somebody takes weights who came too late with those before: a learner that is faster than that would always be
     * ahead, so the next ones have to wait for it.
     */
    public boolean isBehind() {
        return workers.values().stream().anyMatch(worker -> worker.late && worker.state == Worker.State.PREPARING);
    }

    private void countUp() {
        if (serving() >= terms.atLeast()) {
            enough.tryComplete();
        }
    }

    private long serving() {
        return workers.values().stream()
                .filter(worker -> worker.state == Worker.State.SERVING)
                .count();
    }

    private Future<? extends Outcome<?>> beat(Connection from) {
        Worker worker = workers.get(from);
        if (worker == null) {
            return Future.succeededFuture(new Outcome.Failed<>(
                    new Failure(FailureKind.LOST, new TeacherException("not a worker of this run, or not any more"))));
        }
        worker.heardAt = System.nanoTime();
        return done(ActorMessage.Ready.READY);
    }

    /** Finds those who were silent for too long, and whether nobody is left. */
    private void look() {
        long now = System.nanoTime();
        for (Worker worker : List.copyOf(workers.values())) {
            if (now - worker.heardAt > terms.setting().silence().toNanos()) {
                lose(worker, "no sign of life for " + terms.setting().silence().toMillis() + " ms");
            }
        }
        if (!workers.isEmpty() || !staff.generators().isEmpty()) {
            aloneSince = now;
        } else if (now - aloneSince > terms.setting().patience().toNanos()
                && enough.future().succeeded()) {
            supervisor.fail(new TeacherException(
                    "workers: none for " + terms.setting().patience().toSeconds()
                            + " s, and this process does not generate itself (generators is 0)"));
        }
    }

    /** What it was doing is done by others; it may join again. */
    private void lose(Worker worker, String why) {
        if (workers.remove(worker.connection) == null) {
            return;
        }
        meters.lost();
        LOG.warn("{} is lost: {}", worker.name, why);
        staff.generators().lose(worker.name);
        staff.scorers().lose(worker.name);
        worker.cut(worker.name + " is lost: " + why);
        dismiss(worker.connection, why, false);
        supervisor.changed();
    }

    /** Says good-bye to all. */
    public Future<?> close(String why) {
        closed = true;
        List<Future<?>> farewells = new ArrayList<>();
        // Also to those that were about to join.
        connections.forEach(connection -> farewells.add(dismiss(connection, why, true)));
        return Future.join(farewells).otherwiseEmpty().eventually(() -> {
            List.copyOf(connections).forEach(connection -> connection.end(why));
            return Future.succeededFuture();
        });
    }

    private static Future<?> dismiss(Connection connection, String why, boolean over) {
        return connection.ask(new ActorMessage.Leave(why, over), FAREWELL).eventually(() -> {
            connection.close();
            return Future.succeededFuture();
        });
    }

    private Future<? extends Outcome<?>> refused(String why) {
        meters.refused();
        LOG.warn("a worker was refused: {}", why);
        return Future.succeededFuture(
                new Outcome.Failed<>(new Failure(FailureKind.THREW, new ConfigurationException(why))));
    }

    private static Future<? extends Outcome<?>> done(Object result) {
        return Future.succeededFuture(new Outcome.Done<>(Objects.requireNonNull(result), 0));
    }

    private static long millis(Duration duration) {
        return Math.max(1, duration.toMillis());
    }
}
