package ai.preceptor.rollout.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.rollout.Rollouts;
import ai.preceptor.rollout.actor.RolloutVertx;
import ai.preceptor.rollout.cluster.ClusterSetting;
import ai.preceptor.rollout.cluster.ClusterTls;
import ai.preceptor.rollout.cluster.LearnerPort;
import ai.preceptor.rollout.cluster.SecureSocket;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.EncodedPrompt;
import ai.preceptor.rollout.message.Outcome;
import ai.preceptor.rollout.message.RemoteFailureException;
import ai.preceptor.rollout.worker.WorkerProgram;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionTest {
    private static final int PART = 4 << 20;
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Outcome<?> READY = new Outcome.Done<>(ActorMessage.Ready.READY, 0);

    private final Vertx vertx = RolloutVertx.start(1);
    private final Context context = vertx.getOrCreateContext();
    private final Side learner = new Side();
    private final Side worker = new Side();
    private LearnerPort port;

    /** One end, and what it was asked. */
    private static final class Side implements Connection.Service {
        final Queue<ActorMessage<?>> asked = new ConcurrentLinkedQueue<>();
        final Queue<String> ends = new ConcurrentLinkedQueue<>();
        final Set<Boolean> onLoop = ConcurrentHashMap.newKeySet();
        volatile int longestRequest = WireFormat.LONGEST;
        volatile Function<ActorMessage<?>, Future<? extends Outcome<?>>> rule =
                request -> Future.succeededFuture(READY);
        Connection connection;

        @Override
        public int longestRequest() {
            return longestRequest;
        }

        @Override
        public Future<? extends Outcome<?>> answer(Connection from, ActorMessage<?> request) {
            onLoop.add(Context.isOnEventLoopThread());
            asked.add(request);
            return rule.apply(request);
        }

        @Override
        public void ended(Connection ended, String why) {
            onLoop.add(Context.isOnEventLoopThread());
            ends.add(why);
        }
    }

    @BeforeEach
    void connect() throws Exception {
        ClusterSetting setting = WorkerProgram.setting(1, WorkerProgram.secret());
        port = LearnerPort.bind(setting);
        BlockingQueue<SecureSocket> arrivals = new LinkedBlockingQueue<>();
        port.open(arrivals::add);
        SecureSocket near =
                SecureSocket.connect(new ClusterTls(setting.secret()), setting.listen(), port.address(), SOON, SOON);
        learner.connection = Connection.open(arrivals.poll(30, TimeUnit.SECONDS), context, learner);
        worker.connection = Connection.open(near, context, worker);
    }

    @AfterEach
    void close() throws Exception {
        learner.connection.end("the test is over");
        worker.connection.end("the test is over");
        port.close();
        done(vertx.close());
    }

    private static <T> T done(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static Throwable failure(Future<?> future) {
        Throwable thrown = catchThrowable(() -> done(future));
        assertThat(thrown).isInstanceOf(ExecutionException.class);
        return thrown.getCause();
    }

    @Test
    void bothSides_askAndAreAnswered_onTheContext() throws Exception {
        assertThat(done(worker.connection.ask(new ActorMessage.Join(2), SOON))).isEqualTo(READY);
        assertThat(done(learner.connection.ask(new ActorMessage.Refresh(3), SOON)))
                .isEqualTo(READY);
        assertThat(learner.asked).containsExactly(new ActorMessage.Join(2));
        assertThat(worker.asked).containsExactly(new ActorMessage.Refresh(3));
        assertThat(learner.onLoop).containsExactly(true);
        assertThat(worker.onLoop).containsExactly(true);
    }

    /** Answered in the other order than asked. */
    @Test
    void answers_findTheirRequests() throws Exception {
        Promise<Outcome<?>> first = Promise.promise();
        learner.rule = request -> {
            if (request.place() == 1) {
                return first.future();
            }
            first.tryComplete(new Outcome.Done<>(new ActorMessage.Computed(1, new byte[] {1}), 0));
            return Future.succeededFuture(new Outcome.Done<>(new ActorMessage.Computed(2, new byte[PART]), 0));
        };
        Future<Outcome<ActorMessage.Computed>> small =
                worker.connection.ask(new ActorMessage.Compute(1, new byte[0]), SOON);
        Future<Outcome<ActorMessage.Computed>> large =
                worker.connection.ask(new ActorMessage.Compute(2, new byte[0]), SOON);
        assertThat(((Outcome.Done<ActorMessage.Computed>) done(small)).result().result())
                .hasSize(1);
        assertThat(((Outcome.Done<ActorMessage.Computed>) done(large)).result().result())
                .hasSize(PART);
    }

    /** A file in parts, among other messages, into arrays that are used again. */
    @Test
    void fileRanges_arriveInTheArraysGivenForThem(@TempDir Path directory) throws Exception {
        byte[] content = new byte[2 * PART + 5];
        new Random(3).nextBytes(content);
        Path file = Files.write(directory.resolve("weights"), content);
        learner.rule = request -> {
            if (request instanceof ActorMessage.Fetch fetch) {
                int length = (int) Math.min(PART, content.length - fetch.from());
                return Future.succeededFuture(new Outcome.Done<>(new FileRange(file, fetch.from(), length), 0));
            }
            return Future.succeededFuture(READY);
        };
        byte[] into = new byte[PART];
        byte[] got = new byte[content.length];
        for (int from = 0; from < content.length; from += PART) {
            Future<?> other = worker.connection.ask(new ActorMessage.Heartbeat(), SOON);
            Outcome<ActorMessage.Fetched> outcome =
                    done(worker.connection.askInto(new ActorMessage.Fetch(1, "weights", from), into, SOON));
            int length = ((Outcome.Done<ActorMessage.Fetched>) outcome).result().bytes();
            System.arraycopy(into, 0, got, from, length);
            assertThat(done(other)).isEqualTo(READY);
        }
        assertThat(got).isEqualTo(content);
    }

    @Test
    void fileRange_thatCannotBeRead_fails_andOneThatDoesNotFitEndsTheConnection(@TempDir Path directory)
            throws Exception {
        Path file = Files.write(directory.resolve("weights"), new byte[10]);
        for (FileRange unreadable :
                List.of(new FileRange(directory.resolve("none"), 0, 1), new FileRange(file, 8, 3))) {
            learner.rule = request -> Future.succeededFuture(new Outcome.Done<>(unreadable, 0));
            assertThat(done(worker.connection.askInto(new ActorMessage.Fetch(1, "a", 0), new byte[9], SOON)))
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.failure().reason()).contains("cannot be read"));
        }
        learner.rule = request -> Future.succeededFuture(new Outcome.Done<>(new FileRange(file, 0, 10), 0));
        assertThat(failure(worker.connection.askInto(new ActorMessage.Fetch(1, "a", 0), new byte[9], SOON)))
                .isInstanceOf(RemoteFailureException.class);
        done(worker.connection.ended());
        assertThat(worker.ends).singleElement().asString().contains("10 plain bytes, legal: at most 9");
    }

    /** Too late: the bytes are skipped, and the next answer is understood. */
    @Test
    void fileRange_thatIsTooLate_isSkipped(@TempDir Path directory) throws Exception {
        Path file = Files.write(directory.resolve("weights"), new byte[10]);
        Promise<Outcome<?>> late = Promise.promise();
        learner.rule = request -> request instanceof ActorMessage.Fetch ? late.future() : Future.succeededFuture(READY);
        assertThat(failure(worker.connection.askInto(
                        new ActorMessage.Fetch(1, "a", 0), new byte[10], Duration.ofMillis(50))))
                .isInstanceOf(ReplyException.class);
        late.complete(new Outcome.Done<>(new FileRange(file, 0, 10), 0));
        assertThat(done(worker.connection.ask(new ActorMessage.Heartbeat(), SOON)))
                .isEqualTo(READY);
    }

    @Test
    void request_thatFailsOrThrows_isAnsweredWithTheFailure() throws Exception {
        for (Function<ActorMessage<?>, Future<? extends Outcome<?>>> rule :
                List.<Function<ActorMessage<?>, Future<? extends Outcome<?>>>>of(
                        request -> Future.failedFuture("torn"), request -> {
                            throw new IllegalStateException("torn");
                        })) {
            learner.rule = rule;
            assertThat(done(worker.connection.ask(new ActorMessage.Heartbeat(), SOON)))
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.failure().reason()).contains("torn"));
        }
    }

    @Test
    void request_thatIsNotAnsweredInTime_fails_andTheNextIsAnswered() throws Exception {
        Promise<Outcome<?>> late = Promise.promise();
        learner.rule = request -> late.future();
        assertThat(failure(worker.connection.ask(new ActorMessage.Heartbeat(), Duration.ofMillis(50))))
                .isInstanceOfSatisfying(
                        ReplyException.class, e -> assertThat(e.failureType()).isEqualTo(ReplyFailure.TIMEOUT));
        late.complete(READY);
        assertThat(done(worker.connection.ask(new ActorMessage.Heartbeat(), SOON)))
                .isEqualTo(READY);
    }

    @Test
    void end_ofEitherSide_failsWhatWasAsked_atOnce_onBoth() throws Exception {
        Promise<Outcome<?>> never = Promise.promise();
        learner.rule = request -> never.future();
        worker.rule = request -> never.future();
        Future<?> askedByWorker = worker.connection.ask(new ActorMessage.Heartbeat(), SOON);
        Future<?> askedByLearner = learner.connection.ask(new ActorMessage.Refresh(1), SOON);
        Rollouts.until(() -> !learner.asked.isEmpty() && !worker.asked.isEmpty());
        learner.connection.end("enough");
        assertThat(failure(askedByLearner))
                .isInstanceOf(RemoteFailureException.class)
                .hasMessage("enough");
        assertThat(failure(askedByWorker))
                .isInstanceOf(RemoteFailureException.class)
                .hasMessageContaining("its connection broke");
        assertThat(failure(worker.connection.ask(new ActorMessage.Heartbeat(), SOON)))
                .isInstanceOf(RemoteFailureException.class);
        done(worker.connection.ended());
        done(learner.connection.ended());
        assertThat(learner.ends).containsExactly("enough");
        assertThat(worker.ends).hasSize(1);
    }

    /** What was said before is heard. */
    @Test
    void close_sendsWhatIsStillToBeSent() throws Exception {
        for (int i = 0; i < 50; i++) {
            worker.connection.ask(new ActorMessage.Refresh(i), SOON);
        }
        worker.connection.close();
        done(worker.connection.ended());
        done(learner.connection.ended());
        assertThat(learner.asked).hasSize(50);
    }

    @Test
    void message_thatIsTooLong_failsAlone() throws Exception {
        String text = "x".repeat(WireFormat.LONGEST);
        ActorMessage.ScoreAnswers huge = new ActorMessage.ScoreAnswers(0, List.of(Answer.of(Prompt.plain("p"), text)));
        assertThat(failure(learner.connection.ask(huge, SOON)))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("at most " + WireFormat.LONGEST);
        worker.rule = request -> Future.succeededFuture(new Outcome.Done<>(new ActorMessage.Job(text, 1, 1), 0));
        assertThat(done(learner.connection.ask(new ActorMessage.Heartbeat(), SOON)))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure().reason()).contains("at most " + WireFormat.LONGEST));
        worker.rule = request -> Future.succeededFuture(READY);
        assertThat(done(learner.connection.ask(new ActorMessage.Heartbeat(), SOON)))
                .isEqualTo(READY);
    }

    /** As a learner does: a worker's requests are short, its answers are not. */
    @Test
    void request_longerThanTheOtherSideTakes_endsTheConnection_andAnAnswerDoesNot() throws Exception {
        learner.longestRequest = 1000;
        worker.rule =
                request -> Future.succeededFuture(new Outcome.Done<>(new ActorMessage.Computed(1, new byte[5000]), 0));
        assertThat(done(learner.connection.ask(new ActorMessage.Compute(1, new byte[5000]), SOON)))
                .isEqualTo(new Outcome.Done<>(new ActorMessage.Computed(1, new byte[5000]), 0));
        assertThat(failure(worker.connection.ask(new ActorMessage.Compute(1, new byte[5000]), SOON)))
                .isInstanceOf(RemoteFailureException.class);
        done(learner.connection.ended());
        assertThat(learner.ends).singleElement().asString().contains("legal: at most 1000");
        assertThat(learner.asked).isEmpty();
    }

    @Test
    void requests_moreThanMayWait_endTheConnection() throws Exception {
        Promise<Outcome<?>> never = Promise.promise();
        learner.rule = request -> never.future();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i <= Connection.MAX_REQUESTS; i++) {
            all.add(worker.connection.ask(new ActorMessage.Heartbeat(), SOON));
        }
        for (Future<?> one : all) {
            assertThat(failure(one)).isInstanceOf(RemoteFailureException.class);
        }
        done(learner.connection.ended());
        assertThat(learner.ends).singleElement().asString().contains("more than 64 concurrent requests");
    }

    /** Whoever looks at the elements encodes. */
    @Test
    void messages_areEncodedOnNoEventLoop() throws Exception {
        Set<Boolean> loops = ConcurrentHashMap.newKeySet();
        List<EncodedPrompt> prompts = new AbstractList<>() {
            @Override
            public EncodedPrompt get(int index) {
                loops.add(Context.isOnEventLoopThread());
                return new EncodedPrompt(index, Prompt.plain("p"), new int[] {1});
            }

            @Override
            public int size() {
                return 1;
            }
        };
        Promise<Outcome<?>> answered = Promise.promise();
        context.runOnContext(none -> learner.connection
                .ask(new ActorMessage.Generate(prompts, 1, 5), SOON)
                .onComplete(done -> answered.complete(done.result())));
        assertThat(done(answered.future())).isEqualTo(READY);
        assertThat(loops).containsExactly(false);
        assertThat(worker.asked).hasSize(1);
    }
}
