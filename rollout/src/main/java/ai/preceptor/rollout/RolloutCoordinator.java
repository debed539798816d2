package ai.preceptor.rollout;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Score;
import ai.preceptor.data.TeacherException;
import ai.preceptor.data.Trajectory;
import ai.preceptor.rollout.actor.ActorPool;
import ai.preceptor.rollout.actor.DeviceLease;
import ai.preceptor.rollout.actor.GeneratorVerticle;
import ai.preceptor.rollout.actor.PromptFeeder;
import ai.preceptor.rollout.actor.RetryPolicy;
import ai.preceptor.rollout.actor.RetryQueue;
import ai.preceptor.rollout.actor.RunSupervisor;
import ai.preceptor.rollout.actor.ScorerVerticle;
import ai.preceptor.rollout.actor.StageHandler;
import ai.preceptor.rollout.actor.StageMeters;
import ai.preceptor.rollout.cluster.LearnerPort;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.DeadLetter;
import ai.preceptor.rollout.message.EncodedPrompt;
import ai.preceptor.rollout.message.Failure;
import ai.preceptor.rollout.message.FailureKind;
import ai.preceptor.rollout.message.Outcome;
import ai.preceptor.rollout.worker.WorkerRegistry;
import ai.preceptor.rollout.worker.WorkerTerms;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schedules the run. All decisions are made here, on one event loop, so they need no locks; all work is done by actors on
 * threads of their own. After every event, {@link #pump} starts whatever may start.
 */
final class RolloutCoordinator extends VerticleBase implements RunSupervisor {
    private static final Logger LOG = LoggerFactory.getLogger(RolloutCoordinator.class);

    private final RolloutPlan plan;
    private final DeviceLease lease;
    private final RolloutMeters meters;
    private final Progress progress;
    /** Of the weights that an engine must have that opens now: while others take those of a publication, of these. */
    private final AtomicLong versionToOpen;

    private final Consumer<DeadLetter> deadLetters;
    private final FlowControl flow;
    private final RetryQueue<SampleGroup, List<Score>> scoring;
    private final RetryQueue<List<EncodedPrompt>, List<List<Completion>>> generating;
    private final RetryQueue<ActorMessage.Feed, ActorMessage.Fed> feeding;
    private LearnerRequest.@Nullable Pull pull;
    private LearnerRequest.@Nullable Publication publication;
    private Future<?> deadLettersWritten = Future.succeededFuture();
    private final @Nullable WorkerRegistry registry;
    private boolean started;
    private boolean refreshing;
    private @Nullable RuntimeException failure;

    RolloutCoordinator(
            Vertx vertx, @Nullable LearnerPort port, RolloutSetup setup, RolloutMeters meters, Progress progress) {
        this.plan = setup.plan();
        this.lease = setup.lease();
        this.meters = meters;
        this.progress = progress;
        this.versionToOpen = new AtomicLong(setup.version());
        this.deadLetters = setup.deadLetters();
        this.flow = new FlowControl(plan, setup.firstIndex(), setup.version(), meters, this::setAside);
        ActorPool.Options scorers = new ActorPool.Options(
                "scorer",
                plan.scorerInstances(),
                true,
                plan.scoring(),
                plan.grace(),
                plan.heartbeatTimeout(),
                endpoint -> new ScorerVerticle(progress.register(endpoint), setup.scorers()));
        this.scoring = queue(vertx, scorers, new ScoreHandler(flow, meters));
        Duration deadline = plan.generation().deadline();
        ActorPool.Options generators = new ActorPool.Options(
                "generator",
                setup.engines().count(),
                setup.engines().replaceable(),
                plan.generation(),
                plan.grace(),
                plan.heartbeatTimeout(),
                endpoint -> new GeneratorVerticle(
                        progress.register(endpoint), setup.engines().supplier(), versionToOpen::get, lease, deadline));
        GenerateHandler generate = new GenerateHandler(plan, flow, meters, scoring::add);
        this.generating = queue(vertx, generators, generate);
        ActorPool.Options feeders = new ActorPool.Options(
                "feeder",
                1,
                false,
                RetryPolicy.none(plan.learnerDeadline()),
                plan.grace(),
                plan.heartbeatTimeout(),
                endpoint -> new PromptFeeder(progress.register(endpoint), setup.prompts(), setup.encoder()));
        this.feeding = queue(vertx, feeders, new FeedHandler(flow, generating::add));
        this.registry = registry(vertx, port, setup);
    }

    private <J, R> RetryQueue<J, R> queue(Vertx actors, ActorPool.Options options, StageHandler<J, R> handler) {
        StageMeters own = meters.stage(handler.name());
        ActorPool pool = new ActorPool(actors, options, own, this);
        return new RetryQueue<>(actors, pool, options.retryPolicy(), handler, own, this);
    }

    private @Nullable WorkerRegistry registry(Vertx actors, @Nullable LearnerPort port, RolloutSetup setup) {
        WorkerTerms terms = setup.workers();
        if (port == null || terms == null) {
            return null;
        }
        WorkerRegistry.WorkerPools pools =
                new WorkerRegistry.WorkerPools(generating.pool(), scoring.pool(), plan.refresh(), flow::version);
        return new WorkerRegistry(actors, port, terms, pools, meters.workers(), this);
    }

    @Override
    public Future<?> start() {
        // join: if one fails, the others can be closed only after they have opened
        return Future.join(
                        feeding.pool().startAll(),
                        generating.pool().startAll(),
                        scoring.pool().startAll())
                .compose(spawned -> registry == null ? Future.succeededFuture() : registry.open(flow.version()))
                .recover(cause -> disconnectWorkers().transform(said -> Future.failedFuture(cause)))
                .onSuccess(ready -> {
                    started = true;
                    pump();
                });
    }

    private Future<?> disconnectWorkers() {
        return registry == null ? Future.succeededFuture() : registry.close("the run is over");
    }

    /** The next groups of this many prompts; fails with what the learner is told. */
    Future<List<Trajectory>> pull(int prompts) {
        return request(promise -> {
            LearnerRequest.Pull wanted = new LearnerRequest.Pull(promise, prompts, new ArrayList<>());
            if (failure == null && prompts > flow.untilPublication()) {
                promise.fail(new IllegalStateException(wanted + ": only " + flow.untilPublication()
                        + " prompts may be taken before the next publish (prompts_per_step " + plan.promptsPerStep()
                        + ", max_staleness " + plan.maxStaleness() + ")"));
                return;
            }
            pull = wanted;
            watch(wanted);
        });
    }

    /** The weights are now those of {@code version}; completes when the generators have them. */
    Future<Void> publish(long version) {
        return request(promise -> {
            if (version <= flow.version()) {
                promise.fail(new IllegalArgumentException(
                        "version: received " + version + ", expected more than the last, " + flow.version()));
                return;
            }
            LearnerRequest.Publication news = new LearnerRequest.Publication(promise, version);
            publication = news;
            watch(news);
        });
    }

    /** Begins nothing more; completes when dead letters are written, workers are told and no actor is opening. */
    Future<Void> halt() {
        return request(promise -> {
            end();
            Future<?> opened = Future.join(
                    feeding.pool().opened(),
                    generating.pool().opened(),
                    scoring.pool().opened());
            Future.join(deadLettersWritten.otherwiseEmpty(), disconnectWorkers(), opened)
                    .onComplete(all -> promise.complete());
        });
    }

    private <R> Future<R> request(Consumer<Promise<R>> received) {
        Promise<R> promise = Promise.promise();
        Context own = context;
        if (own == null) {
            return Future.failedFuture(new IllegalStateException("rollouts are not deployed yet"));
        }
        try {
            own.runOnContext(none -> {
                received.accept(promise);
                pump();
            });
        } catch (RejectedExecutionException e) { // its event loop has ended
            promise.fail(new IllegalStateException("rollouts are closed", e));
        }
        return promise.future();
    }

    private void watch(LearnerRequest request) {
        long timer = vertx.setTimer(Math.max(1, plan.learnerDeadline().toMillis()), late -> {
            if (request == pull || request == publication) {
                fail(request.overdue(plan, flow));
            }
        });
        // It holds the request's answers, and deadlines are long.
        request.promise().future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private void setAside(DeadLetter letter) {
        progress.deadLetters().add(letter);
        Future<?> written = vertx.executeBlocking(
                        () -> {
                            deadLetters.accept(letter);
                            return letter;
                        },
                        true)
                .onFailure(cause -> fail(new Failure(FailureKind.THREW, cause).unchecked()));
        deadLettersWritten = deadLettersWritten.eventually(() -> written);
    }

    private void end() {
        if (failure == null) {
            failure = new CancellationException("rollouts were closed");
        }
        List.of(feeding, generating, scoring).forEach(each -> each.pool().shut());
    }

    @Override
    public void changed() {
        pump();
    }

    @Override
    public boolean isOver() {
        return failure != null;
    }

    @Override
    public void fail(RuntimeException cause) {
        if (failure == null) {
            LOG.error("rollouts end: {}", cause.getMessage());
            failure = cause;
            end();
        }
        pump();
    }

    private void pump() {
        if (failure != null) {
            refuse(failure);
            return;
        }
        if (registry != null && !refreshing) {
            registry.settle();
        }
        if (!started) {
            return;
        }
        collect();
        admit();
        feeding.dispatch();
        if (generatorMayRun()) {
            generating.dispatch();
        }
        scoring.dispatch();
        refresh();
        show(); // before the learner goes on
        answer();
    }

    private void refuse(RuntimeException cause) {
        if (pull != null) {
            pull.promise().fail(cause);
            pull = null;
        }
        if (publication != null) {
            publication.promise().fail(cause);
            publication = null;
        }
    }

    /** Moves groups from the buffer to the waiting learner, which makes room for others. */
    private void collect() {
        while (pull != null && !pull.isFull()) {
            Optional<SampleGroup> next = flow.take();
            if (next.isEmpty()) {
                return;
            }
            pull.groups().add(next.get());
        }
    }

    private void admit() {
        for (List<EncodedPrompt> next = flow.nextResample(); !next.isEmpty(); next = flow.nextResample()) {
            generating.add(next);
        }
        for (Optional<ActorMessage.Feed> next = flow.nextFeed(); next.isPresent(); next = flow.nextFeed()) {
            feeding.add(next.get());
        }
    }

    /**
     * With weights of its own the generator stops only to load new ones, and with {@link OnStale#WAIT} not before everything
     * due with the old ones has been sampled. On a shared device it runs only while the learner waits.
     */
    private boolean generatorMayRun() {
        if (publication != null) {
            return !refreshing && !lease.isShared() && plan.onStale() == OnStale.WAIT;
        }
        return !lease.isShared() || (pull != null && (!pull.isFull() || mustSampleOut()));
    }

    private boolean mustSampleOut() {
        return plan.onStale() == OnStale.WAIT && !flow.isSampledOut();
    }

    /** Makes all generators load new weights, as soon as they are done with the old ones. */
    private void refresh() {
        LearnerRequest.Publication news = publication;
        boolean oldOnesNeeded = !lease.isShared() && mustSampleOut();
        boolean waitedFor = registry != null && registry.isBehind();
        if (news == null
                || refreshing
                || oldOnesNeeded
                || waitedFor
                || !generating.pool().isQuiet()) {
            return;
        }
        refreshing = true;
        // Workers fetch the weights from files, which are written first.
        Future<?> written = registry == null ? Future.succeededFuture() : registry.publish(news.version());
        written.onFailure(cause -> fail(new Failure(FailureKind.THREW, cause).unchecked()))
                .compose(done -> {
                    versionToOpen.set(news.version());
                    return generating.pool().askAll(new ActorMessage.Refresh(news.version()), plan.refresh());
                })
                .onSuccess(outcomes -> refreshed(news, outcomes));
    }

    private void refreshed(LearnerRequest.Publication news, List<Outcome<ActorMessage.Ready>> outcomes) {
        refreshing = false;
        List<Failure> problems = outcomes.stream()
                .filter(Outcome.Failed.class::isInstance)
                .map(outcome -> ((Outcome.Failed<?>) outcome).failure())
                .toList();
        boolean none = !outcomes.isEmpty() && problems.size() == outcomes.size();
        if (none && generating.pool().isLocal()) { // else those that failed are replaced, or new workers join
            Failure why = problems.get(0);
            fail(new TeacherException(
                    "generator: cannot take version " + news.version() + ": " + why.reason(), why.cause()));
            return;
        }
        flow.publish(news.version());
        scoring.withdraw(flow::isStale).forEach(flow::dropInFlight);
        progress.version().set(news.version());
        show();
        if (publication != null) { // else it was refused meanwhile
            publication.promise().complete();
            publication = null;
        }
        pump();
    }

    private void answer() {
        LearnerRequest.Pull waiting = pull;
        if (waiting == null || !(waiting.isFull() || flow.isOver())) {
            return;
        }
        if (lease.isShared() && (mustSampleOut() || !generating.pool().isQuiet())) {
            return; // the generator still holds the device
        }
        pull = null;
        progress.cursor().set(flow.cursor());
        waiting.answer();
    }

    private void show() {
        meters.show(flow);
        List.of(feeding, generating, scoring).forEach(RetryQueue::show);
    }
}
