package ai.preceptor.rollout.actor;

import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.FailureKind;
import ai.preceptor.rollout.message.Outcome;
import ai.preceptor.rollout.message.WrongAnswerException;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * An actor: one request at a time, on a thread of its own. Every request is answered, also when it throws.
 */
public abstract class ActorVerticle extends VerticleBase {
    private final ActorVerticle.ActorEndpoint endpoint;

    ActorVerticle(ActorVerticle.ActorEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** Adds an action to run when a request is interrupted. */
    final void onInterrupt(Runnable action) {
        endpoint.guard().onInterrupt(action);
    }

    /** Sets the counter that shows progress. */
    final void countSteps(Supplier<OptionalLong> steps) {
        endpoint.guard().countSteps(steps);
    }

    /** Acquires resources, by default none; on the actor's thread. */
    void open() {}

    /** Handles a request, on the actor's thread, which is interrupted when it takes too long. */
    abstract Object perform(ActorMessage<?> request);

    /** Releases what {@link #open} acquired, also if it failed halfway; on the actor's thread. */
    void shut() {}

    @Override
    public final Future<?> start() {
        try {
            open();
            if (endpoint.guard().isShut()) { // Vert.x does not stop it either
                throw new CancellationException("closed while it opened");
            }
        } catch (RuntimeException | Error e) {
            shutAfter(e);
            throw e;
        }
        return vertx.eventBus()
                .<ActorMessage<?>>localConsumer(endpoint.address(), this::receive)
                .completion();
    }

    @Override
    public final Future<?> stop() {
        shut();
        return Future.succeededFuture();
    }

    /** Vert.x does not stop a verticle that failed to start, so what it opened is released here. */
    private void shutAfter(Throwable cause) {
        try {
            shut();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    /**
     * Deployment on a thread of its own.
     *
     * @param thread its name
     * @param longest time that one request may take before Vert.x logs a warning
     */
    public static DeploymentOptions onItsOwnThread(String thread, Duration longest) {
        return new DeploymentOptions()
                .setThreadingModel(ThreadingModel.WORKER)
                .setWorkerPoolName(thread)
                .setWorkerPoolSize(1)
                .setMaxWorkerExecuteTime(longest.toNanos())
                .setMaxWorkerExecuteTimeUnit(TimeUnit.NANOSECONDS);
    }

    private void receive(Message<ActorMessage<?>> message) {
        message.reply(answer(message.body()));
    }

    private Outcome<?> answer(ActorMessage<?> request) {
        if (request instanceof ActorMessage.Report) {
            endpoint.guard().reported();
            return Outcome.ready();
        }
        try (CallGuard.Call call = endpoint.guard().enter()) {
            long began = System.nanoTime();
            Object result = perform(request);
            return new Outcome.Done<>(result, System.nanoTime() - began);
        } catch (WrongAnswerException e) {
            return Outcome.failed(FailureKind.ANSWER, e);
        } catch (Throwable e) { // a request is always answered; the sender decides what a failure means
            return Outcome.failed(FailureKind.THREW, e);
        }
    }

    final IllegalArgumentException unexpected(ActorMessage<?> request) {
        return new IllegalArgumentException(
                endpoint.address() + " received " + request.getClass().getSimpleName() + ", which is not for it");
    }

    /**
     * An actor's local address.
     *
     * @param address of its requests on the event bus
     * @param guard around each request
     */
    public record ActorEndpoint(String address, CallGuard guard) {}
}
