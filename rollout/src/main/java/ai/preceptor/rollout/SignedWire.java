package ai.preceptor.rollout;

import ai.preceptor.data.ConfigurationException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Orders and outcomes between processes, on the clustered event bus, each signed and in the form of {@link WireFormat}. */
final class SignedWire {
    private static final Logger LOG = LoggerFactory.getLogger(SignedWire.class);
    private static final int UNSIGNED = 403;
    private static final int MOST_TOLD = 20;

    private final Vertx vertx;
    private final Seal seal;
    private final long sender = new SecureRandom().nextLong();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicInteger told = new AtomicInteger();

    SignedWire(Vertx vertx, ClusterSecret secret) {
        this.vertx = vertx;
        this.seal = new Seal(secret);
    }

    /** Answers orders of other processes. */
    interface Service {
        /** @return what comes of it; a failure is answered as one too */
        Future<? extends Outcome<?>> answer(Order<?> order);
    }

    /**
     * Sends an order.
     *
     * @return what comes of it; fails as the event bus does, or with a {@link ConfigurationException} if the other side has
     *     another secret, or with a {@link WireException} if what it answers is no answer
     */
    @SuppressWarnings("unchecked") // what an order is answered with is checked where it is used
    <R> Future<Outcome<R>> ask(String address, Order<R> order, Duration deadline) {
        Buffer question =
                seal.close(Seal.address(address), sender, numbers.incrementAndGet(), WireFormat.encode(order));
        byte[] place = Seal.answer(question.getBytes(0, Seal.SIGNATURE));
        DeliveryOptions options = new DeliveryOptions().setSendTimeout(Math.max(1, deadline.toMillis()));
        return vertx.eventBus()
                .<Buffer>request(address, question, options)
                .map(reply -> {
                    Object answer =
                            WireFormat.decode(seal.open(place, reply.body()).message());
                    if (answer instanceof Outcome<?> outcome) {
                        return (Outcome<R>) outcome;
                    }
                    throw new WireException("message: expected an outcome, found "
                            + answer.getClass().getSimpleName());
                })
                .recover(cause -> Future.failedFuture(isUnsigned(cause) ? otherSecret(address) : cause));
    }

    private static boolean isUnsigned(Throwable cause) {
        return cause instanceof ReplyException reply
                && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE
                && reply.failureCode() == UNSIGNED;
    }

    private static ConfigurationException otherSecret(String address) {
        return new ConfigurationException("cluster: " + address
                + " refuses messages of this process: they are not signed with the secret that it has; both must have the"
                + " same in the environment");
    }

    /** Serves an address; every message once. */
    MessageConsumer<Buffer> serve(String address, Service service) {
        Map<Long, ReplayWindow> windows = new HashMap<>(); // the consumer's context is its only user
        return vertx.eventBus().<Buffer>consumer(address, message -> receive(address, message, windows, service));
    }

    private void receive(String address, Message<Buffer> message, Map<Long, ReplayWindow> windows, Service service) {
        Seal.Opened opened;
        try {
            opened = seal.open(Seal.address(address), message.body());
        } catch (WireException | ClassCastException e) {
            tell(address, e.getMessage());
            message.fail(UNSIGNED, "not signed with the secret of this cluster");
            return;
        }
        Future<? extends Outcome<?>> outcome;
        try {
            if (!windows.computeIfAbsent(opened.sender(), who -> new ReplayWindow())
                    .accept(opened.number())) {
                throw new WireException("message: came before");
            }
            if (!(WireFormat.decode(opened.message()) instanceof Order<?> order)) {
                throw new WireException("message: expected an order");
            }
            outcome = service.answer(order);
        } catch (RuntimeException e) {
            tell(address, e.getMessage());
            outcome = Future.failedFuture(e);
        }
        outcome.onComplete(done -> message.reply(seal.close(
                Seal.answer(opened.signature()),
                sender,
                0,
                WireFormat.encode(
                        done.succeeded()
                                ? done.result()
                                : new Outcome.Failed<>(new Failure(FailureKind.THREW, done.cause()))))));
    }

    /** Whoever sends rubbish shall not fill the log with it. */
    private void tell(String address, @Nullable String what) {
        if (told.incrementAndGet() <= MOST_TOLD) {
            LOG.warn("{}: refused: {}", address, what);
        }
    }
}
