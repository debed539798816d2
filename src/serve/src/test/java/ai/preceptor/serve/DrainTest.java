package ai.preceptor.serve;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.serve.ApiServer.Around;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What becomes of requests when the server is told to stop while some are still being read. */
class DrainTest {
    private static final String COMPLETE = "/v1/completions";
    private static final String REST = ", \"max_tokens\": 3, \"min_tokens\": 3}";
    private static final String SMALL = "{\"prompt\": \"To be\"" + REST;
    private static final String STREAMED = "{\"prompt\": \"To be\", \"stream\": true" + REST;
    private static final String LARGE = "{\"user\": \"" + HeldReader.WORD + "\", \"metadata\": {\"x\": \""
            + "x".repeat(1 << 17) + "\"}, \"prompt\": \"To be\"" + REST;

    private final HeldEngine engine = new HeldEngine();
    private final HeldReader reader = new HeldReader();

    private ServedTiny start(Duration grace) {
        RequestLimits limits = new RequestLimits(100, 300, grace.toMillis() / 1000.0, 1 << 20, 64);
        return ServedTiny.start(ServedTiny.options(ServedTiny.LIMITS, limits), new Around(engine, reader));
    }

    /** Two long ones with the readers, a small and a streamed one behind them. */
    private List<CompletableFuture<HttpResponse<String>>> admitted(ServedTiny tiny) {
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        all.add(tiny.later(COMPLETE, LARGE));
        all.add(tiny.later(COMPLETE, LARGE));
        ServedTiny.until(() -> tiny.meter("serve_requests_running") == 2);
        all.add(tiny.later(COMPLETE, SMALL));
        all.add(tiny.later(COMPLETE, STREAMED));
        ServedTiny.until(() -> tiny.meter("serve_requests_running") == 4);
        return all;
    }

    private static CompletableFuture<Integer> drain(ServedTiny tiny) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return tiny.server.drain();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void drain_waitsForAllThatWasTaken() {
        try (ServedTiny tiny = start(Duration.ofMinutes(2))) {
            List<CompletableFuture<HttpResponse<String>>> all = admitted(tiny);
            CompletableFuture<Integer> drained = drain(tiny);
            ServedTiny.until(() -> tiny.get("/health").statusCode() == 503);
            assertThat(tiny.post(COMPLETE, SMALL).statusCode()).isEqualTo(503);
            engine.free();
            assertThat(all.get(2).join().statusCode()).isEqualTo(200);
            assertThat(drained).as("two are not even read").isNotDone();
            reader.free();
            assertThat(drained.join()).isZero();
            all.forEach(one -> assertThat(one.join().statusCode()).isEqualTo(200));
            assertThat(all.get(3).join().body()).endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void drain_graceUsedUp_tellsAllThatWasTaken_andCountsThem() {
        try (ServedTiny tiny = start(Duration.ZERO)) {
            List<CompletableFuture<HttpResponse<String>>> all = admitted(tiny);
            ServedTiny.until(() -> engine.submitted.size() == 2);
            CompletableFuture<Integer> drained = drain(tiny);
            for (int i : new int[] {0, 1}) {
                assertThat(all.get(i).join().statusCode()).isEqualTo(503);
                assertThat(all.get(i).join().body()).contains("shutting_down");
            }
            engine.free();
            assertThat(all.get(2).join().statusCode()).isEqualTo(503);
            assertThat(all.get(3).join().body()).contains("shutting_down").doesNotContain("[DONE]");
            assertThat(drained.join()).isEqualTo(4);
            reader.free();
        }
    }

    @Test
    void drain_bodiesThatAreNotWhole_areTold_andNotCounted() throws IOException {
        try (ServedTiny tiny = start(Duration.ofMinutes(2));
                RawClient client = new RawClient(tiny)) {
            client.send(RawClient.head(COMPLETE, "HTTP/1.1", "", 100)).send("{");
            ServedTiny.until(() -> tiny.meter("serve_bodies_open") == 1);
            assertThat(drain(tiny).join()).isZero();
            assertThat(client.untilClosed()).startsWith("HTTP/1.1 503").contains("shutting_down");
        }
    }
}
