package ai.preceptor.teacher.served.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.ledger.Admission;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.ledger.Intent;
import ai.preceptor.teacher.ledger.Money;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two teachers of one process pay from one ledger. */
@Timeout(60)
class SharedBudgetTest {
    /** A question of 300 bytes may cost 0.000437 and costs 0.0002: two do not fit at a time, but one after the other. */
    private static final Prices PRICES = new Prices(1, 10, 0.0007);

    @TempDir
    private Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch mayReply = new CountDownLatch(1);

    @AfterEach
    void stop() {
        mayReply.countDown();
        threads.shutdownNow();
    }

    private TeacherServer server() {
        return TeacherServer.start(call -> {
            if (call.question().startsWith("slow")) {
                try {
                    mayReply.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return ServedReply.completion("x");
        });
    }

    private static ServedTeacher teacher(TeacherServer server, CallLedger ledger) {
        ServerOptions of = Served.options(server);
        return new ServedTeacher(
                new ServerOptions(of.url(), of.model(), of.key(), of.limits(), of.backoff(), PRICES),
                ledger,
                new SimpleMeterRegistry());
    }

    private Future<List<Asked>> asked(ServedTeacher teacher, String question) {
        return threads.submit(() -> teacher.ask(List.of(Served.question(question.repeat(60)))));
    }

    private static void awaitCalls(TeacherServer server, int count) throws InterruptedException {
        while (server.calls().size() < count) {
            Thread.sleep(2);
        }
    }

    @Test
    void ask_besideACallOfAnotherTeacher_waitsForWhatThatOneCosts() throws Exception {
        Path file = directory.resolve("calls.sqlite");
        try (TeacherServer server = server();
                CallLedger one = CallLedger.open(file);
                CallLedger two = CallLedger.open(directory.resolve("x/../calls.sqlite"));
                ServedTeacher first = teacher(server, one);
                ServedTeacher second = teacher(server, two)) {
            Future<List<Asked>> slow = asked(first, "slow ");
            awaitCalls(server, 1);
            Future<List<Asked>> quick = asked(second, "quick");
            Thread.sleep(300); // a moment in which it could fail
            assertThat(server.calls()).hasSize(1);
            mayReply.countDown();
            assertThat(quick.get(30, TimeUnit.SECONDS).get(0).problem()).isNull();
            assertThat(slow.get(30, TimeUnit.SECONDS).get(0).problem()).isNull();
            assertThatExceptionOfType(CostLimitException.class)
                    .isThrownBy(() -> second.ask(List.of(Served.question("third".repeat(60)))))
                    .withMessageContaining("0.000400000 of 0.000700000 are spent and the next call may cost");
        }
    }

    @Test
    void reserve_besideACallOfAClosedTeacher_doesNotWait() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (CallLedger ledger = CallLedger.inMemory()) {
            Context loop = vertx.getOrCreateContext();
            CallBudget first = new CallBudget(vertx, ledger, PRICES, "");
            CallBudget second = new CallBudget(vertx, ledger, PRICES, "");
            Money most = PRICES.of(0, 50);
            assertThat(reserved(loop, first, new Intent("one", "{}", most, 3)).get(10, TimeUnit.SECONDS))
                    .isInstanceOf(Admission.Reserved.class);
            CompletableFuture<Admission> waits = reserved(loop, second, new Intent("two", "{}", most, 3));
            Thread.sleep(100); // a moment in which it could fail
            assertThat(waits).isNotDone();
            first.close();
            assertThat(waits)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOf(CostLimitException.class)
                    .withMessageContaining(
                            "reserved for 1 calls of other runs that are in flight or were never settled");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    private static CompletableFuture<Admission> reserved(Context loop, CallBudget budget, Intent intent) {
        CompletableFuture<Admission> done = new CompletableFuture<>();
        loop.runOnContext(begin -> budget.reserve(intent).onComplete(done::complete, done::completeExceptionally));
        return done;
    }
}
