package ai.preceptor.teacher.served.client;

import ai.preceptor.data.Message;
import ai.preceptor.teacher.chat.ChatRequest;
import ai.preceptor.teacher.chat.ChatSampling;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.served.http.ApiKey;
import ai.preceptor.teacher.served.http.ServerAddress;
import ai.preceptor.testkit.TeacherServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** A teacher of a test server that has no patience to speak of, with its ledger and its meters. */
public record Served(ServedTeacher teacher, CallLedger ledger, MeterRegistry registry) implements AutoCloseable {
    static final Backoff QUICK = new Backoff(Duration.ofMillis(5), Duration.ofMillis(40), 1000, Duration.ofMillis(50));

    public static ServerOptions options(TeacherServer server) {
        return new ServerOptions(
                ServerAddress.check(server.url(), ApiKey.none()),
                "judge-1",
                ApiKey.none(),
                limits(4, 3, 30_000), // calls are counted: none may be late on a loaded machine
                QUICK,
                Prices.FREE);
    }

    static CallLimits limits(int concurrency, int retries, int timeoutMillis) {
        return new CallLimits(concurrency, null, null, timeoutMillis / 1000.0, retries);
    }

    public static Served open(ServerOptions options) {
        return open(options, CallLedger.inMemory());
    }

    public static Served open(ServerOptions options, CallLedger ledger) {
        MeterRegistry registry = new SimpleMeterRegistry();
        return new Served(new ServedTeacher(options, ledger, registry), ledger, registry);
    }

    static ChatRequest question(String text) {
        return new ChatRequest(List.of(Message.user(text)), ChatSampling.greedy(10));
    }

    static List<ChatRequest> questions(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> question("question " + i))
                .toList();
    }

    double count(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    @Override
    public void close() {
        teacher.close();
        ledger.close();
    }
}
