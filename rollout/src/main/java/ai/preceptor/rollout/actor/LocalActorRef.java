package ai.preceptor.rollout.actor;

import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * An actor of this process.
 *
 * @param vertx where it is deployed
 * @param endpoint its address
 */
public record LocalActorRef(Vertx vertx, ActorVerticle.ActorEndpoint endpoint) implements ActorRef {
    @Override
    public <R> Future<Outcome<R>> ask(ActorMessage<R> request, Duration deadline) {
        DeliveryOptions options =
                new DeliveryOptions().setLocalOnly(true).setSendTimeout(Math.max(1, deadline.toMillis()));
        return vertx.eventBus()
                .<Outcome<R>>request(endpoint.address(), request, options)
                .map(Message::body);
    }

    @Override
    public OptionalLong steps() {
        return endpoint.guard().steps();
    }

    @Override
    public void interrupt() {
        endpoint.guard().interrupt();
    }

    @Override
    public void shut() {
        endpoint.guard().shut();
    }

    @Override
    public void dropped(String why) {}
}
