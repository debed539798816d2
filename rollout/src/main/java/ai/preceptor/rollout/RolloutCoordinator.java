package ai.preceptor.rollout;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Score;
import ai.preceptor.data.TeacherException;
import ai.preceptor.rollout.actor.ActorPool;
import ai.preceptor.rollout.actor.DeviceLease;
import ai.preceptor.rollout.actor.GeneratorVerticle;
import ai.preceptor.rollout.actor.PromptFeeder;
import ai.preceptor.rollout.actor.RetryPolicy;
import ai.preceptor.rollout.actor.RunSupervisor;
import ai.preceptor.rollout.actor.ScorerVerticle;
import ai.preceptor.rollout.cluster.LearnerPort;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.DeadLetter;
import ai.preceptor.rollout.message.EncodedPrompt;
import ai.preceptor.rollout.message.Failure;
import ai.preceptor.rollout.message.FailureKind;
import ai.preceptor.rollout.message.Outcome;
import ai.preceptor.rollout.worker.WorkerRegistry;
import ai.preceptor.rollout.worker.WorkerTerms;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what happens when. All decisions are made here, on one event loop, so they need no locks; all work is done by
 * actors on threads of their own. After anything has happened, {@link #pump} begins whatever may now begin.
 */
final class RolloutCoordinator extends VerticleBase implements RunSupervisor {
    static final String ADDRESS = "rollout.coordinator";

    private static final Logger LOG = LoggerFactory.getLogger(RolloutCoordinator.class);
    /** For weights, which are no work whose steps are counted. */
    private static final Duration LONGEST_TAKING = Duration.ofMinutes(10);

    private final RolloutPlan plan;
    private final DeviceLease lease;
    private final RolloutMeters meters;
    private final Progress progress;
    private final Consumer<DeadLetter> letters;
    private final FlowControl flow;
    private final Department<Group, List<Score>> scoring;
    private final Department<List<EncodedPrompt>, List<List<Completion>>> generating;
    private final Department<ActorMessage.Feed, ActorMessage.Fed> feeding;
    private LearnerRequest.@Nullable Pull pull;
    private LearnerRequest.@Nullable Publication publication;
    private Future<?> lettersWritten = Future.succeededFuture();
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
        this.letters = setup.letters();
        this.flow = new FlowControl(plan, setup.firstIndex(), setup.version(), meters, this::setAside);
        ActorPool.Terms scorers = new ActorPool.Terms(
                "scorer",
                plan.scorerInstances(),
                true,
                plan.scoring(),
                plan.grace(),
                plan.heartbeatTimeout(),
                post -> new ScorerVerticle(progress.register(post), setup.scorers()));
        this.scoring = Department.of(vertx, scorers, new ScoreHandler(flow, meters), meters, this);
        Duration deadline = plan.generation().deadline();
        ActorPool.Terms generators = new ActorPool.Terms(
                "generator",
                setup.engines().count(),
                setup.engines().replaceable(),
                plan.generation(),
                plan.grace(),
                plan.heartbeatTimeout(),
                post -> new GeneratorVerticle(
                        progress.register(post), setup.engines().supplier(), progress.version()::get, lease, deadline));
        GenerateHandler generate = new GenerateHandler(plan, flow, meters, scoring.stage()::add);
        this.generating = Department.of(vertx, generators, generate, meters, this);
        ActorPool.Terms feeders = new ActorPool.Terms(
                "feeder",
                1,
                false,
                RetryPolicy.none(deadline),
                plan.grace(),
                plan.heartbeatTimeout(),
                post -> new PromptFeeder(progress.register(post), setup.prompts(), setup.encoder()));
        this.feeding = Department.of(vertx, feeders, new FeedHandler(flow, generating.stage()::add), meters, this);
        this.registry = registry(vertx, port, setup);
    }

    private @Nullable WorkerRegistry registry(Vertx actors, @Nullable LearnerPort port, RolloutSetup setup) {
        WorkerTerms terms = setup.workers();
        if (port == null || terms == null) {
            return null;
        }
        WorkerRegistry.Staff staff =
                new WorkerRegistry.Staff(generating.pool(), scoring.pool(), taking(), flow::version);
        return new WorkerRegistry(actors, port, terms, staff, meters.workers(), this);
    }

    @Override
    public Future<?> start() {
        return Future.all(
                        feeding.pool().hireAll(),
                        generating.pool().hireAll(),
                        scoring.pool().hireAll())
                .compose(spawned -> vertx.eventBus()
                        .<ActorMessage<?>>localConsumer(ADDRESS, this::receive)
                        .completion())
                .compose(ready -> registry == null ? Future.succeededFuture() : registry.open(flow.version()))
                .recover(cause -> farewell().transform(said -> Future.failedFuture(cause)))
                .onSuccess(ready -> {
                    started = true;
                    pump();
                });
    }

    private Future<?> farewell() {
        return registry == null ? Future.succeededFuture() : registry.close("the run is over");
    }

    private void receive(Message<ActorMessage<?>> message) {
        ActorMessage<?> order = message.body();
        if (order instanceof ActorMessage.Pull wanted) {
            pull(new LearnerRequest.Pull(message, wanted.prompts()));
        } else if (order instanceof ActorMessage.Publish news) {
            publish(new LearnerRequest.Publication(message, news.version()));
        } else {
            halt();
            Future.join(lettersWritten.otherwiseEmpty(), farewell())
                    .onComplete(all -> message.reply(new Outcome.Done<>(ActorMessage.Ready.READY, 0)));
        }
        pump();
    }

    private void pull(LearnerRequest.Pull wanted) {
        if (failure == null && wanted.prompts() > flow.untilPublication()) {
            wanted.refuse(new IllegalStateException(wanted + ": only " + flow.untilPublication()
                    + " prompts may be taken before the next publish (prompts_per_step " + plan.promptsPerStep()
                    + ", max_staleness " + plan.maxStaleness() + ")"));
            return;
        }
        pull = wanted;
        watch(wanted);
    }

    private void publish(LearnerRequest.Publication news) {
        if (news.version() <= flow.version()) {
            news.refuse(new IllegalArgumentException(
                    "version: received " + news.version() + ", expected more than the last, " + flow.version()));
            return;
        }
        publication = news;
        watch(news);
    }

    private void watch(LearnerRequest request) {
        vertx.setTimer(Math.max(1, plan.learnerDeadline().toMillis()), timer -> {
            if (request == pull || request == publication) {
                fail(request.overdue(plan, flow));
            }
        });
    }

    private void setAside(DeadLetter letter) {
        progress.deadLetters().add(letter);
        Future<?> written = vertx.executeBlocking(
                        () -> {
                            letters.accept(letter);
                            return letter;
                        },
                        true)
                .onFailure(cause -> fail(new Failure(FailureKind.THREW, cause).unchecked()));
        lettersWritten = lettersWritten.eventually(() -> written);
    }

    private void halt() {
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
            halt();
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
        feeding.stage().dispatch();
        if (generatorMayRun()) {
            generating.stage().dispatch();
        }
        scoring.stage().dispatch();
        refresh();
        answer();
        show();
    }

    private void refuse(RuntimeException cause) {
        if (pull != null) {
            pull.refuse(cause);
            pull = null;
        }
        if (publication != null) {
            publication.refuse(cause);
            publication = null;
        }
    }

    /** Moves groups from the buffer to the learner that waits, so that others have room. */
    private void collect() {
        while (pull != null && !pull.isFull()) {
            Optional<Group> next = flow.take();
            if (next.isEmpty()) {
                return;
            }
            pull.groups().add(next.get());
        }
    }

    private void admit() {
        for (List<EncodedPrompt> next = flow.nextAgain(); !next.isEmpty(); next = flow.nextAgain()) {
            generating.stage().add(next);
        }
        for (Optional<ActorMessage.Feed> next = flow.nextFeed(); next.isPresent(); next = flow.nextFeed()) {
            feeding.stage().add(next.get());
        }
    }

    /**
     * With weights of its own the generator stops only to take new ones, and where stale answers are waited for not before
     * it has sampled all that the old ones are to sample. On a shared device it works only while the learner waits.
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

    /** Hands new weights to all generators, as soon as they are done with the old ones. */
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
        // Workers take the weights from files, which are written first.
        Future<?> written = registry == null ? Future.succeededFuture() : registry.publish(news.version());
        written.onFailure(cause -> fail(new Failure(FailureKind.THREW, cause).unchecked()))
                .compose(done -> generating.pool().askAll(new ActorMessage.Refresh(news.version()), taking()))
                .onSuccess(outcomes -> refreshed(news, outcomes));
    }

    private Duration taking() {
        Duration request = plan.generation().deadline();
        return request.compareTo(LONGEST_TAKING) < 0 ? request : LONGEST_TAKING;
    }

    private void refreshed(LearnerRequest.Publication news, List<Outcome<ActorMessage.Ready>> outcomes) {
        refreshing = false;
        List<Failure> problems = outcomes.stream()
                .filter(Outcome.Failed.class::isInstance)
                .map(outcome -> ((Outcome.Failed<?>) outcome).failure())
                .toList();
        boolean none = !outcomes.isEmpty() && problems.size() == outcomes.size();
        if (none && generating.pool().isLocal()) { // else those that could not are replaced, or new workers come
            Failure why = problems.get(0);
            fail(new TeacherException(
                    "generator: cannot take version " + news.version() + ": " + why.reason(), why.cause()));
            return;
        }
        flow.publish(news.version());
        scoring.stage().withdraw(flow::isStale).forEach(flow::dropInFlight);
        progress.version().set(news.version());
        if (publication != null) { // else refused meanwhile
            publication.answer();
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
            return; // the device is not the learner's yet
        }
        pull = null;
        progress.cursor().set(flow.cursor());
        waiting.answer();
    }

    private void show() {
        meters.show(flow);
        List.of(feeding, generating, scoring).forEach(Department::show);
    }
}
