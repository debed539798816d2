package ai.preceptor.serve;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.lm.torch.KernelFaults;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.testkit.MetricsPage;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.Meter;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Queueing, cancelling and stopping, with an engine that a test holds. */
class EngineControlTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final Duration LONG = Duration.ofMinutes(5);

    private static String chat(String word, String more) {
        return "{\"messages\": [{\"role\": \"user\", \"content\": \"" + word + "\"}], " + more + "}";
    }

    @Test
    void concurrentRequests_areDecodedTogether() throws InterruptedException {
        HeldEngine engine = new HeldEngine();
        try (ServedTiny tiny = ServedTiny.start(ServedTiny.options(), engine)) {
            CountDownLatch all = engine.afterSubmitting(32);
            List<CompletableFuture<HttpResponse<String>>> requests = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                requests.add(tiny.later(CHAT, chat("Number " + i, "\"max_tokens\": 8, \"min_tokens\": 8")));
            }
            all.await();
            engine.free();
            for (CompletableFuture<HttpResponse<String>> request : requests) {
                assertThat(ServedTiny.json(request.join())
                                .at("/usage/completion_tokens")
                                .asInt())
                        .isEqualTo(8);
            }
            // a token comes with the prompt; the other seven of all 32 in steps that they share, the very first
            // requests being a step ahead at most
            assertThat(tiny.meter("serve_decode_rows_total")).isEqualTo(32 * 7);
            assertThat(tiny.meter("serve_decode_steps_total")).isLessThanOrEqualTo(9);
            assertThat(tiny.meter("serve_tokens_total{kind=\"completion\"}")).isEqualTo(32 * 8);
            assertThat(tiny.meter("serve_requests_total{endpoint=\"chat\",status=\"200\"}"))
                    .isEqualTo(32);
            assertThat(tiny.meter("serve_samples_running")).isZero();
            MetricsPage.requireDocumented(tiny.server.registry().getMeters().stream()
                    .map(Meter::getId)
                    .map(Meter.Id::getName)
                    .distinct()
                    .toList());
        }
    }

    @Test
    void fullQueue_isTold_andThereIsRoomAgainLater() throws InterruptedException {
        HeldEngine engine = new HeldEngine();
        ServeOptions options = ServedTiny.options(
                new GenerationLimits(1, 64 << 20, 512), ServedTiny.bounds(3, LONG, Duration.ofSeconds(10)));
        try (ServedTiny tiny = ServedTiny.start(options, engine)) {
            CountDownLatch two = engine.afterSubmitting(2);
            CompletableFuture<HttpResponse<String>> first = tiny.later(CHAT, chat("a", "\"n\": 2, \"max_tokens\": 3"));
            CompletableFuture<HttpResponse<String>> second = tiny.later(CHAT, chat("b", "\"n\": 2, \"max_tokens\": 3"));
            two.await();
            HttpResponse<String> third = tiny.post(CHAT, chat("c", "\"max_tokens\": 3"));
            assertThat(third.statusCode()).isEqualTo(429);
            assertThat(third.headers().firstValue("retry-after")).contains("1");
            JsonNode error = ServedTiny.parse(third.body()).path("error");
            assertThat(error.path("code").asText()).isEqualTo("queue_full");
            assertThat(error.path("type").asText()).isEqualTo("rate_limit_error");
            assertThat(error.path("message").asText()).contains("4 answers are running or waiting");
            assertThat(tiny.post(CHAT, chat("c", "\"n\": 5")).body())
                    .as("more than there will ever be room for")
                    .contains("n: expected a whole number in [1, 4], found 5");
            engine.free();
            assertThat(first.join().statusCode()).isEqualTo(200);
            assertThat(second.join().statusCode()).isEqualTo(200);
            ServedTiny.until(() -> tiny.meter("serve_requests_running") == 0);
            assertThat(tiny.post(CHAT, chat("c", "\"max_tokens\": 3")).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void clientThatGoesAway_isCancelled_andItsMemoryIsFree() throws IOException {
        HeldEngine engine = new HeldEngine();
        try (ServedTiny tiny = ServedTiny.start(ServedTiny.options(), engine)) {
            try (Socket client = connected(tiny, 0)) {
                engine.step(3);
                send(client, chat("x", "\"stream\": true, \"n\": 2, \"max_tokens\": 300, \"min_tokens\": 300"));
                InputStream in = client.getInputStream();
                StringBuilder seen = new StringBuilder();
                while (seen.indexOf("\"content\":\"") < 0 || seen.indexOf("data: ") < 0) {
                    seen.append((char) in.read());
                }
                ServedTiny.until(() -> tiny.meter("serve_samples_running") == 2);
                assertThat(tiny.meter("serve_cache_blocks_reserved")).isPositive();
            }
            ServedTiny.until(() -> engine.submitted.get(0).isCancelled());
            assertThat(tiny.meter("serve_samples_cancelled_total{reason=\"client\"}"))
                    .isEqualTo(2);
            engine.free();
            ServedTiny.until(() -> tiny.meter("serve_samples_running") == 0);
            assertThat(tiny.meter("serve_cache_blocks_reserved")).isZero();
            assertThat(tiny.meter("serve_requests_running")).isZero();
            assertThat(tiny.meter("serve_tokens_total{kind=\"completion\"}"))
                    .as("of 600 tokens")
                    .isLessThan(20);
        }
    }

    /** It asks for about ten times what the sockets between it and the server hold, and reads nothing. */
    @Test
    void clientThatReadsNothing_isGivenUp() throws IOException {
        try (ServedTiny tiny = ServedTiny.start()) {
            try (Socket client = connected(tiny, 4096)) {
                send(
                        client,
                        chat(
                                "x",
                                "\"stream\": true, \"n\": 64, \"max_tokens\": 400, \"min_tokens\": 400,"
                                        + " \"logprobs\": true, \"top_logprobs\": 20"));
                ServedTiny.until(() -> tiny.meter("serve_samples_cancelled_total{reason=\"slow\"}") > 0);
                ServedTiny.until(() -> tiny.meter("serve_samples_running") == 0);
                assertThat(tiny.meter("serve_cache_blocks_reserved")).isZero();
            }
        }
    }

    @Test
    void timeout_endsTheAnswer() {
        HeldEngine engine = new HeldEngine();
        ServeOptions options = ServedTiny.options(
                ServedTiny.LIMITS, ServedTiny.bounds(8, Duration.ofSeconds(2), Duration.ofSeconds(10)));
        try (ServedTiny tiny = ServedTiny.start(options, engine)) {
            CompletableFuture<HttpResponse<String>> whole = tiny.later(CHAT, chat("x", "\"max_tokens\": 3"));
            CompletableFuture<HttpResponse<String>> streamed =
                    tiny.later(CHAT, chat("x", "\"max_tokens\": 3, \"stream\": true"));
            ServedTiny.until(() -> engine.submitted.size() == 2);
            sleep(2100); // longer than the timeout
            engine.free();
            assertThat(whole.join().statusCode()).isEqualTo(503);
            assertThat(whole.join().body()).contains("deadline_exceeded", "timeout of 2.0 s");
            assertThat(streamed.join().statusCode()).isEqualTo(200);
            assertThat(streamed.join().body())
                    .contains("data: {\"error\":{\"message\":", "deadline_exceeded")
                    .doesNotContain("[DONE]");
        }
    }

    @Test
    void drain_requestsThatRunEnd_newOnesAreRefused() throws Exception {
        HeldEngine engine = new HeldEngine();
        try (ServedTiny tiny =
                ServedTiny.start(ServedTiny.options(ServedTiny.LIMITS, ServedTiny.bounds(8, LONG, LONG)), engine)) {
            CompletableFuture<HttpResponse<String>> running = tiny.later(CHAT, chat("x", "\"max_tokens\": 3"));
            ServedTiny.until(() -> engine.submitted.size() == 1);
            CompletableFuture<Integer> drained = drain(tiny);
            ServedTiny.until(() -> tiny.get("/health").statusCode() == 503);
            HttpResponse<String> late = tiny.post(CHAT, chat("y", "\"max_tokens\": 3"));
            assertThat(late.statusCode()).isEqualTo(503);
            assertThat(late.body()).contains("shutting_down");
            engine.free();
            assertThat(running.join().statusCode()).isEqualTo(200);
            assertThat(drained.join()).isZero();
        }
    }

    @Test
    void drain_graceUsedUp_cancelsWhatRuns() {
        HeldEngine engine = new HeldEngine();
        try (ServedTiny tiny = ServedTiny.start(
                ServedTiny.options(ServedTiny.LIMITS, ServedTiny.bounds(8, LONG, Duration.ZERO)), engine)) {
            CompletableFuture<HttpResponse<String>> running = tiny.later(CHAT, chat("x", "\"max_tokens\": 3"));
            ServedTiny.until(() -> engine.submitted.size() == 1);
            CompletableFuture<Integer> drained = drain(tiny);
            ServedTiny.until(() -> engine.submitted.get(0).isCancelled());
            engine.free(); // it hears of that at its next step
            assertThat(running.join().statusCode()).isEqualTo(503);
            assertThat(running.join().body()).contains("shutting_down");
            assertThat(drained.join()).isEqualTo(1);
        }
    }

    /** Of answers that are not complete. */
    @Test
    void logprobs_moreThanAllRequestsMayHold_getARefusal_andThereIsRoomAgainLater() {
        HeldEngine engine = new HeldEngine();
        ServeOptions options =
                ServedTiny.options(ServedTiny.LIMITS, ServedTiny.bounds(1000, LONG, Duration.ofSeconds(10)));
        String body = "{\"prompt\": \"a\", \"n\": 48, \"max_tokens\": 500, \"logprobs\": 20}";
        try (ServedTiny tiny = ServedTiny.start(options, engine)) {
            List<CompletableFuture<HttpResponse<String>>> running = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                running.add(tiny.later("/v1/completions", body));
            }
            ServedTiny.until(() -> engine.submitted.size() == 8);
            HttpResponse<String> ninth = tiny.post("/v1/completions", body);
            assertThat(ninth.statusCode()).isEqualTo(429);
            assertThat(ninth.body())
                    .contains(
                            "logprobs: expected at most 4194304 log-probabilities of all requests together, found 504000");
            running.get(0).cancel(true);
            ServedTiny.until(() -> tiny.meter("serve_requests_running") == 7);
            tiny.later("/v1/completions", body);
            ServedTiny.until(() -> engine.submitted.size() == 9);
            engine.free();
        }
    }

    /** Its caller frees the model next, which a step may be using. */
    @Test
    void close_onAnInterruptedThread_returnsWhenTheEngineIsClosed() throws InterruptedException {
        HeldEngine engine = new HeldEngine();
        try (ServedTiny tiny = ServedTiny.start(ServedTiny.options(), engine)) {
            CompletableFuture<HttpResponse<String>> cut = tiny.later(CHAT, chat("x", "\"max_tokens\": 3"));
            ServedTiny.until(engine::isHeld);
            List<Boolean> seen = new CopyOnWriteArrayList<>();
            Thread closer = new Thread(() -> {
                Thread.currentThread().interrupt();
                tiny.server.close();
                seen.add(engine.isClosed());
                seen.add(Thread.currentThread().isInterrupted());
            });
            closer.start();
            closer.join(300);
            assertThat(seen).isEmpty();
            closer.interrupt();
            engine.free();
            closer.join();
            assertThat(seen).containsExactly(true, true);
            assertThat(cut).isCompletedExceptionally();
        }
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
    void stepThatThrows_endsTheAnswersInIt_andOthersAreGiven() {
        HeldEngine engine = new HeldEngine();
        try (ServedTiny tiny = ServedTiny.start(ServedTiny.options(), engine)) {
            CompletableFuture<HttpResponse<String>> whole = tiny.later(CHAT, chat("x", "\"max_tokens\": 3, \"n\": 2"));
            CompletableFuture<HttpResponse<String>> streamed =
                    tiny.later(CHAT, chat("y", "\"max_tokens\": 3, \"stream\": true"));
            ServedTiny.until(() -> engine.submitted.size() == 2);
            Torch torch = tiny.student.model().parameters().torch();
            try (KernelFaults faults = KernelFaults.where(torch, (call, kernel) -> call == 0)) {
                engine.step(1);
                assertThat(whole.join().statusCode()).isEqualTo(500);
                assertThat(whole.join().body())
                        .contains("generation_failed", "server_error")
                        .doesNotContain("injected");
                assertThat(streamed.join().body())
                        .contains("data: {\"error\"", "generation_failed")
                        .doesNotContain("[DONE]");
            }
            engine.free();
            assertThat(tiny.post(CHAT, chat("z", "\"max_tokens\": 3")).statusCode())
                    .isEqualTo(200);
            assertThat(tiny.get("/health").body()).contains("ok");
            assertThat(tiny.server.failure()).isNull();
            ServedTiny.until(() -> tiny.meter("serve_requests_running") == 0);
            assertThat(tiny.meter("serve_samples_running")).isZero();
            assertThat(tiny.meter("serve_cache_blocks_reserved")).isZero();
        }
    }

    /** The engine reads norms where they are, so a test can break and mend them between two requests. */
    @Test
    void weightsThatAreNotFinite_areToldToEachRequest_andNoneEndsTheServer() {
        try (ServedTiny tiny = ServedTiny.start()) {
            String before = answer(tiny);
            var parameters = tiny.student.model().parameters();
            var norm = parameters.blocks().stream()
                    .filter(block -> block.parts().get(0).name().equals("model.norm.weight"))
                    .findFirst()
                    .orElseThrow()
                    .compute();
            float[] numbers = norm.toFloatArray();
            parameters.torch().kernels().tensors().fill(norm, Double.NaN);
            for (int i = 0; i < 4; i++) {
                HttpResponse<String> broken = tiny.post(CHAT, chat("x", "\"max_tokens\": 3, \"seed\": 1"));
                assertThat(broken.statusCode()).isEqualTo(500);
                assertThat(broken.body()).contains("model_not_finite").doesNotContain("model.norm");
            }
            assertThat(tiny.get("/health").body()).contains("ok");
            try (Scope scope = parameters.torch().scope()) {
                parameters.torch().kernels().tensors().setRows(norm, scope.floats(numbers), 0, numbers.length);
            }
            assertThat(answer(tiny)).isEqualTo(before);
        }
    }

    private static String answer(ServedTiny tiny) {
        return tiny.ask(CHAT, chat("x", "\"max_tokens\": 9, \"seed\": 1, \"logprobs\": true"))
                .path("choices")
                .toString();
    }

    @Test
    void engineThatFails_isToldToAll() {
        HeldEngine engine = new HeldEngine();
        try (ServedTiny tiny = ServedTiny.start(ServedTiny.options(), engine)) {
            CompletableFuture<HttpResponse<String>> running = tiny.later(CHAT, chat("x", "\"max_tokens\": 3"));
            ServedTiny.until(() -> engine.submitted.size() == 1);
            engine.fail(new IllegalStateException("logits are not numbers"));
            assertThat(running.join().statusCode()).isEqualTo(503);
            assertThat(running.join().body()).contains("engine_failed").doesNotContain("logits");
            ServedTiny.until(() -> tiny.server.failure() != null);
            assertThat(tiny.server.failure()).hasMessage("logits are not numbers");
            assertThat(tiny.get("/health").body()).contains("failed");
            assertThat(tiny.post(CHAT, chat("x", "\"max_tokens\": 3")).statusCode())
                    .isEqualTo(503);
        }
    }

    private static Socket connected(ServedTiny tiny, int receiveBuffer) throws IOException {
        Socket client = new Socket();
        if (receiveBuffer > 0) {
            client.setReceiveBufferSize(receiveBuffer);
        }
        client.connect(new InetSocketAddress("127.0.0.1", tiny.uri("/").getPort()));
        return client;
    }

    private static void send(Socket client, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head = "POST " + CHAT + " HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
                + "content-length: " + bytes.length + "\r\n\r\n";
        client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        client.getOutputStream().write(bytes);
        client.getOutputStream().flush();
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
