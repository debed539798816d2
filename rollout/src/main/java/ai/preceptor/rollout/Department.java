package ai.preceptor.rollout;

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
