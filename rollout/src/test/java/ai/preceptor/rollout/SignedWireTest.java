package ai.preceptor.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.preceptor.data.ConfigurationException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What somebody can do who reaches the bus and reads what goes over it, but has not the secret. */
class SignedWireTest {
    private static final String DESK = "desk";
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int SENDER = Seal.SIGNATURE;
    private static final int NUMBER = SENDER + Long.BYTES;

    private final Vertx vertx = Vertx.vertx(VertxRollouts.options());
    private final ClusterSecret secret = secret("a secret of 27 characters..");
    private final Seal seal = new Seal(secret);
    private final List<Order<?>> served = new CopyOnWriteArrayList<>();

    @BeforeEach
    void serve() throws Exception {
        done(new SignedWire(vertx, secret)
                .serve(DESK, order -> {
                    served.add(order);
                    return Future.succeededFuture(new Outcome.Done<>(Order.Ready.READY, 0));
                })
                .completion());
    }

    @AfterEach
    void close() throws Exception {
        done(vertx.close());
    }

    private static ClusterSecret secret(String value) {
        return ClusterSecret.fromEnvironment("NAME", Map.of("NAME", value));
    }

    private static <T> T done(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static Throwable failure(Future<?> future) {
        Throwable thrown = catchThrowable(() -> done(future));
        assertThat(thrown).isInstanceOf(ExecutionException.class);
        return thrown.getCause();
    }

    /** A message that went over the wire once. */
    private Buffer beat(long number) {
        return seal.close(Seal.address(DESK), 7, number, WireFormat.encode(new Order.Beat("worker")));
    }

    private Future<Message<Buffer>> send(Object bytes) {
        return vertx.eventBus().request(DESK, bytes);
    }

    private void assertRefused(Object bytes) {
        assertThat(failure(send(bytes)))
                .isInstanceOfSatisfying(
                        ReplyException.class, e -> assertThat(e.failureCode()).isEqualTo(403))
                .hasMessage("not signed with the secret of this cluster");
    }

    @Test
    void message_ofWhoeverHasTheSecret_isServed() throws Exception {
        Outcome<Order.Ready> outcome = done(new SignedWire(vertx, secret).ask(DESK, new Order.Beat("worker"), SOON));
        assertThat(outcome).isEqualTo(new Outcome.Done<>(Order.Ready.READY, 0));
        assertThat(served).containsExactly(new Order.Beat("worker"));
    }

    @Test
    void message_withAnotherSecretOrNone_isRefused_andTheSenderIsTold() {
        for (ClusterSecret other : List.of(secret("a secret of 27 characters.!"), ClusterSecret.none())) {
            assertThat(failure(new SignedWire(vertx, other).ask(DESK, new Order.Beat("worker"), SOON)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("not signed with the secret that it has");
        }
        assertRefused(Buffer.buffer());
        assertRefused(WireFormat.encode(new Order.Beat("worker")));
        assertRefused("no bytes at all");
        assertThat(served).isEmpty();
    }

    @Test
    void message_thatIsRepeated_isServedOnce() throws Exception {
        Buffer recorded = beat(1);
        done(send(recorded));
        Object again = answer(recorded, done(send(recorded)).body());
        assertThat(again)
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure().reason()).contains("came before"));
        assertThat(served).hasSize(1);
        done(send(beat(2)));
        assertThat(served).as("and the next is served").hasSize(2);
    }

    @Test
    void message_thatIsRepeatedUnderAnotherNumberOrSender_isRefused() throws Exception {
        Buffer recorded = beat(1);
        done(send(recorded));
        assertRefused(recorded.copy().setLong(NUMBER, 2));
        assertRefused(recorded.copy().setLong(SENDER, 8));
        assertThat(served).hasSize(1);
    }

    @Test
    void message_thatWasChanged_isRefused() {
        Buffer recorded = beat(1);
        for (int i = 0; i < recorded.length(); i++) {
            assertRefused(recorded.copy().setByte(i, (byte) (recorded.getByte(i) ^ 0x20)));
        }
        assertThat(served).isEmpty();
    }

    @Test
    void message_forSomebodyElse_isRefused() {
        assertRefused(seal.close(Seal.address("worker"), 7, 1, WireFormat.encode(new Order.Beat("worker"))));
        byte[] question = beat(1).getBytes(0, Seal.SIGNATURE);
        assertRefused(seal.close(Seal.answer(question), 7, 1, WireFormat.encode(new Order.Beat("worker"))));
        assertThat(served).isEmpty();
    }

    /** Somebody else sits at the address and answers: with nothing signed, or with what was once the answer to another question. */
    @Test
    void answer_ofSomebodyWithoutTheSecret_isNotTaken() throws Exception {
        Buffer first = beat(1);
        Buffer recorded = done(send(first)).body();
        assertThat(answer(first, recorded)).isInstanceOf(Outcome.Done.class);
        for (Buffer forged : List.of(
                recorded,
                WireFormat.encode(new Outcome.Done<>(Order.Ready.READY, 0)),
                new Seal(secret("a secret of 27 characters.!"))
                        .close(Seal.answer(new byte[0]), 1, 0, WireFormat.encode(new Order.Report())))) {
            done(vertx.eventBus()
                    .<Buffer>consumer("impostor" + forged.hashCode(), message -> message.reply(forged))
                    .completion());
            assertThat(failure(new SignedWire(vertx, secret)
                            .ask("impostor" + forged.hashCode(), new Order.Beat("worker"), SOON)))
                    .isInstanceOf(WireException.class);
        }
    }

    private Object answer(Buffer question, Buffer reply) {
        byte[] place = Seal.answer(question.getBytes(0, Seal.SIGNATURE));
        return WireFormat.decode(seal.open(place, reply).message());
    }
}
