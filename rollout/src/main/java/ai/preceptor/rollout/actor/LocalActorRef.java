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
 * To an actor of this process.
 *
 * @param vertx where it is deployed
 * @param post where it sits
 */
public record LocalActorRef(Vertx vertx, ActorVerticle.ActorEndpoint post) implements ActorRef {
    @Override
    public <R> Future<Outcome<R>> ask(ActorMessage<R> order, Duration deadline) {
        DeliveryOptions options =
                new DeliveryOptions().setLocalOnly(true).setSendTimeout(Math.max(1, deadline.toMillis()));
        return vertx.eventBus()
                .<Outcome<R>>request(post.address(), order, options)
                .map(Message::body);
    }

    @Override
    public OptionalLong steps() {
        return post.guard().steps();
    }

    @Override
    public void interrupt() {
        post.guard().interrupt();
    }

    @Override
    public void shut() {
        post.guard().shut();
    }

    @Override
    public void dropped(String why) {}
}
