package ai.preceptor.rollout.worker;

import ai.preceptor.data.Scorer;
import ai.preceptor.rollout.actor.ActorVerticle;
import ai.preceptor.rollout.actor.CallGuard;
import ai.preceptor.rollout.actor.ChunkVerticle;
import ai.preceptor.rollout.actor.DeviceLease;
import ai.preceptor.rollout.actor.GeneratorVerticle;
import ai.preceptor.rollout.actor.Heartbeat;
import ai.preceptor.rollout.actor.LocalActorRef;
import ai.preceptor.rollout.actor.ScorerVerticle;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.Awaited;
import ai.preceptor.rollout.message.Outcome;
import ai.preceptor.rollout.wire.WireException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The actors of a worker's process: one that generates or computes, and one that scores if it can. */
final class WorkerActors implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final Duration FOREVER = Duration.ofDays(1);

    private final Vertx vertx;
    /** The scorer is the second. */
    private final List<Actor> all = new ArrayList<>();

    private WorkerActors(Vertx vertx) {
        this.vertx = vertx;
    }

    /** An actor, of the same class as a learner's own. */
    private record Actor(LocalActorRef ref, Heartbeat heartbeat, String deployment) {}

    /** Actors that generate and score. */
    static WorkerActors sampling(Vertx vertx, WorkerHost.SamplingRuntime runtime, WeightsFetch weights) {
        WorkerActors actors = new WorkerActors(vertx);
        try {
            actors.add(
                    "generator",
                    endpoint -> new GeneratorVerticle(
                            endpoint,
                            version -> runtime.engine().open(weights::fetch),
                            () -> 0,
                            DeviceLease.separate(),
                            FOREVER));
            Supplier<? extends Scorer> scorers = runtime.scorers();
            if (scorers != null) {
                actors.add("scorer", endpoint -> new ScorerVerticle(endpoint, scorers));
            }
            return actors;
        } catch (RuntimeException e) {
            actors.close();
            throw e;
        }
    }

    /** An actor that computes chunks. */
    static WorkerActors computing(Vertx vertx, WorkerHost.ChunkRuntime runtime) {
        WorkerActors actors = new WorkerActors(vertx);
        actors.add("chunks", endpoint -> new ChunkVerticle(endpoint, runtime.work()));
        return actors;
    }

    private void add(String name, Function<ActorVerticle.ActorEndpoint, ActorVerticle> factory) {
        ActorVerticle.ActorEndpoint endpoint = new ActorVerticle.ActorEndpoint("worker." + name, new CallGuard());
        String deployment = Awaited.of(vertx.deployVerticle(
                        factory.apply(endpoint), ActorVerticle.onItsOwnThread("worker-" + name, FOREVER)))
                .orThrow(FOREVER);
        LocalActorRef ref = new LocalActorRef(vertx, endpoint);
        all.add(new Actor(ref, new Heartbeat(ref::steps), deployment));
    }

    /** The reason if one of them works without making steps. */
    Optional<String> hanging(Duration heartbeatTimeout, Duration pause) {
        long now = System.nanoTime();
        Optional<String> hanging = Optional.empty();
        for (Actor actor : all) { // all are looked at, since a look counts from the last
            if (actor.heartbeat().sinceLastStep(now, pause) > heartbeatTimeout.toNanos()) {
                hanging = Optional.of(
                        actor.ref().endpoint().address() + ": no heartbeat for " + heartbeatTimeout.toMillis() + " ms");
            }
        }
        return hanging;
    }

    Future<? extends Outcome<?>> ask(ActorMessage<?> request) {
        boolean scores = request instanceof ActorMessage.ScoreAnswers;
        if (scores && all.size() < 2) {
            throw new WireException("message: this worker does not score");
        }
        return all.get(scores ? 1 : 0).ref().ask(request, FOREVER);
    }

    /** Stops the actors; each releases its resources on its own thread. */
    @Override
    public void close() {
        all.forEach(actor -> actor.ref().shut());
        all.forEach(actor -> Awaited.of(vertx.undeploy(actor.deployment())).quietly(GRACE));
    }
}
