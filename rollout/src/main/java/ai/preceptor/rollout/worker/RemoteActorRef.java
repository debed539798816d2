package ai.preceptor.rollout.worker;

import ai.preceptor.rollout.actor.ActorRef;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.Failure;
import ai.preceptor.rollout.message.FailureKind;
import ai.preceptor.rollout.message.Outcome;
import ai.preceptor.rollout.message.RemoteFailureException;
import ai.preceptor.rollout.message.WrongAnswerException;
import ai.preceptor.rollout.wire.Connection;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** To an actor of another process, one question at a time. For the coordinator's context. */
final class RemoteActorRef implements ActorRef {
    private final Connection connection;
    private final Consumer<String> whenDropped;
    private @Nullable Promise<?> pending;
    private @Nullable String cut;

    /** @param whenDropped hears why the pool wants no more of it */
    RemoteActorRef(Connection connection, Consumer<String> whenDropped) {
        this.connection = connection;
        this.whenDropped = whenDropped;
    }

    @Override
    public <R> Future<Outcome<R>> ask(ActorMessage<R> order, Duration deadline) {
        if (cut != null) {
            return Future.failedFuture(new RemoteFailureException(cut));
        }
        Promise<Outcome<R>> promise = Promise.promise();
        pending = promise;
        // The process may die and its answer never come, so the first of both counts.
        connection.ask(order, deadline).onComplete(answer -> {
            if (answer.succeeded()) {
                promise.tryComplete(checked(order, answer.result()));
            } else {
                promise.tryFail(answer.cause());
            }
        });
        return promise.future();
    }

    /** What ends the work of one process for good does not end that of others, so no failure of one is final here. */
    private <R> Outcome<R> checked(ActorMessage<R> order, Outcome<R> outcome) {
        if (outcome instanceof Outcome.Done<R> done && !order.fits(done.result())) {
            return new Outcome.Failed<>(
                    new Failure(FailureKind.ANSWER, new WrongAnswerException("worker: answered something else")));
        }
        if (outcome instanceof Outcome.Failed<R> failed && failed.failure().isFinal()) {
            return new Outcome.Failed<>(new Failure(
                    failed.failure().kind(),
                    new RemoteFailureException(failed.failure().reason())));
        }
        return outcome;
    }

    /** The process is gone: what was asked fails at once. */
    void cut(String why) {
        cut = why;
        if (pending != null) {
            pending.tryFail(new RemoteFailureException(why));
        }
    }

    /** The process sees to that itself: it leaves when one of its actors hangs. */
    @Override
    public OptionalLong steps() {
        return OptionalLong.empty();
    }

    /** The process is dropped instead, which tells it to stop. */
    @Override
    public void interrupt() {}

    @Override
    public void shut() {
        cut("the run ends");
    }

    @Override
    public void dropped(String why) {
        whenDropped.accept(why);
    }
}
