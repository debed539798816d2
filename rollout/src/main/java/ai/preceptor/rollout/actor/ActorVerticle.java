package ai.preceptor.rollout.actor;

import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.Failure;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * An actor that does work: one order at a time, on a thread of its own. Whatever happens to an order, it is answered.
 */
public abstract class ActorVerticle extends VerticleBase {
    private final ActorVerticle.ActorEndpoint post;

    ActorVerticle(ActorVerticle.ActorEndpoint post) {
        this.post = post;
    }

    /** What else makes work end that takes too long, beside an interrupt. */
    final void alsoOnInterrupt(Runnable action) {
        post.guard().alsoOnInterrupt(action);
    }

    /** What shows that work gets on. */
    final void counting(Supplier<OptionalLong> steps) {
        post.guard().counting(steps);
    }

    /** Takes what the work needs; on the actor's thread. */
    abstract void open();

    /** Does what is asked; on the actor's thread, which is interrupted when it takes too long. */
    abstract Object perform(ActorMessage<?> order);

    /** Gives up what {@link #open} took, also if it took only a part; on the actor's thread. */
    abstract void shut();

    @Override
    public final Future<?> start() {
        try {
            open();
        } catch (RuntimeException | Error e) {
            shutAfter(e);
            throw e;
        }
        return vertx.eventBus()
                .<ActorMessage<?>>localConsumer(post.address(), this::receive)
                .completion();
    }

    @Override
    public final Future<?> stop() {
        shut();
        return Future.succeededFuture();
    }

    /** What was opened halfway is shut, since nobody stops an actor that has not started. */
    private void shutAfter(Throwable cause) {
        try {
            shut();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    /**
     * On a thread of its own.
     *
     * @param thread its name
     * @param longest that one order may take before a warning is logged
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

    private Outcome<?> answer(ActorMessage<?> order) {
        if (order instanceof ActorMessage.Report) {
            return new Outcome.Done<>(ActorMessage.Ready.READY, 0);
        }
        try (CallGuard.Call call = post.guard().enter()) {
            long began = System.nanoTime();
            Object result = perform(order);
            return new Outcome.Done<>(result, System.nanoTime() - began);
        } catch (WrongAnswerException e) {
            return new Outcome.Failed<>(new Failure(FailureKind.ANSWER, e));
        } catch (Throwable e) { // an actor that is asked always answers, and whoever asked decides what it means
            return new Outcome.Failed<>(new Failure(FailureKind.THREW, e));
        }
    }

    final IllegalArgumentException unexpected(ActorMessage<?> order) {
        return new IllegalArgumentException(
                post.address() + " received " + order.getClass().getSimpleName() + ", which is not for it");
    }

    /**
     * Where an actor sits.
     *
     * @param address of its orders on the event bus
     * @param guard around whatever it does
     */
    public record ActorEndpoint(String address, CallGuard guard) {}
}
