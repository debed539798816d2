package ai.preceptor.rollout;

import io.vertx.core.Vertx;

/**
 * A stage, its actors and its meters.
 *
 * @param <J> a job
 * @param <R> what an actor makes of it
 */
record Department<J, R>(Crew crew, Stage<J, R> stage, StageMeters meters) {

    static <J, R> Department<J, R> of(
            Vertx vertx, Crew.Terms terms, Work<J, R> work, RolloutMeters meters, Outlet outlet) {
        StageMeters own = meters.stage(work.name());
        Crew crew = new Crew(vertx, terms, own, outlet);
        return new Department<>(crew, new Stage<>(vertx, crew, terms.patience(), work, own, outlet), own);
    }

    void show() {
        meters.show(stage, crew);
    }
}
