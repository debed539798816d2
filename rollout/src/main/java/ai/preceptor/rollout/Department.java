package ai.preceptor.rollout;

import ai.preceptor.rollout.actor.ActorPool;
import ai.preceptor.rollout.actor.RetryQueue;
import ai.preceptor.rollout.actor.RunSupervisor;
import ai.preceptor.rollout.actor.StageHandler;
import ai.preceptor.rollout.actor.StageMeters;
import io.vertx.core.Vertx;

/**
 * A stage, its actors and its meters.
 *
 * @param <J> a job
 * @param <R> what an actor makes of it
 */
record Department<J, R>(ActorPool pool, RetryQueue<J, R> stage, StageMeters meters) {

    static <J, R> Department<J, R> of(
            Vertx vertx,
            ActorPool.Terms terms,
            StageHandler<J, R> work,
            RolloutMeters meters,
            RunSupervisor supervisor) {
        StageMeters own = meters.stage(work.name());
        ActorPool pool = new ActorPool(vertx, terms, own, supervisor);
        return new Department<>(pool, new RetryQueue<>(vertx, pool, terms.patience(), work, own, supervisor), own);
    }

    void show() {
        meters.show(stage, pool);
    }
}
