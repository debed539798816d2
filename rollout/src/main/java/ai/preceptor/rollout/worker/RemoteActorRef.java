package ai.preceptor.rollout.worker;

import ai.preceptor.rollout.actor.ActorRef;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.FailureKind;
import ai.preceptor.rollout.message.Outcome;
import ai.preceptor.rollout.message.RemoteFailureException;
import ai.preceptor.rollout.message.WrongAnswerException;
import ai.preceptor.rollout.wire.Connection;
import ai.preceptor.rollout.wire.WireException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An actor of another process; one request at a time. For the coordinator's context only. */
final class RemoteActorRef implements ActorRef {
    private final Connection connection;
    private final Consumer<String> whenDropped;
    private @Nullable Promise<?> pending;
    private @Nullable String failure;

    /** @param whenDropped called with the reason when the pool drops it */
    RemoteActorRef(Connection connection, Consumer<String> whenDropped) {
        this.connection = connection;
        this.whenDropped = whenDropped;
    }

    @Override
    public <R> Future<Outcome<R>> ask(ActorMessage<R> request, Duration deadline) {
        if (failure != null) {
            return Future.failedFuture(new RemoteFailureException(failure));
        }
        Promise<Outcome<R>> promise = Promise.promise();
        pending = promise;
        // If the process dies no answer comes, so the first of answer and failure counts.
        connection.ask(request, deadline).onComplete(answer -> {
            if (answer.succeeded()) {
                promise.tryComplete(checked(request, answer.result()));
            } else if (answer.cause() instanceof WireException) { // not the worker's fault: it is kept
                promise.tryComplete(Outcome.failed(FailureKind.UNSENT, answer.cause()));
            } else {
                promise.tryFail(answer.cause());
            }
        });
        return promise.future().onComplete(done -> {
            if (promise.equals(pending)) { // an idle actor does not keep its last answer in memory
                pending = null;
            }
        });
    }

    /** A failure that is final for one process does not concern the others, so none is final here. */
    private <R> Outcome<R> checked(ActorMessage<R> request, Outcome<R> outcome) {
        if (outcome instanceof Outcome.Done<R> done && !request.fits(done.result())) {
            return Outcome.failed(FailureKind.ANSWER, new WrongAnswerException("worker: answered something else"));
        }
        if (outcome instanceof Outcome.Failed<R> failed && failed.failure().isFinal()) {
            return Outcome.failed(
                    failed.failure().kind(),
                    new RemoteFailureException(failed.failure().reason()));
        }
        return outcome;
    }

    /** The process is gone: the pending request fails at once. */
    void fail(String why) {
        failure = why;
        if (pending != null) {
            pending.tryFail(new RemoteFailureException(why));
        }
    }

    /** Unknown here: a worker leaves by itself when one of its actors hangs. */
    @Override
    public OptionalLong steps() {
        return OptionalLong.empty();
    }

    /** Nothing: the worker is dropped instead, which tells it to stop. */
    @Override
    public void interrupt() {}

    @Override
    public void shut() {
        fail("the run ends");
    }

    @Override
    public void dropped(String why) {
        whenDropped.accept(why);
    }
}
