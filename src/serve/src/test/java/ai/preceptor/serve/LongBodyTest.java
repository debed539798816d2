package ai.preceptor.serve;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.serve.ApiServer.Around;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Bodies that are long, slow, or never come. */
class LongBodyTest {
    private static final String COMPLETE = "/v1/completions";
    private static final String NEW = "HTTP/1.1";
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final String SMALL = "{\"prompt\": \"To be\", \"max_tokens\": 3}";
    private static final int LARGE = 1 << 18;

    private static ServeOptions options(int rows, int queue, Duration timeout) {
        return ServedTiny.options(
                new GenerationLimits(rows, 16 << 20, 512),
                new RequestLimits(queue, timeout.toMillis() / 1000.0, 10, 1 << 20, 64));
    }

    private static ServedTiny held(HeldReader reader, Duration timeout) {
        return ServedTiny.start(options(8, 8, timeout), new Around(UnaryOperator.identity(), reader));
    }

    /** A body that is held while it is read, and long. */
    private static String large(int number) {
        return "{\"user\": \"" + HeldReader.WORD + number + "\", \"metadata\": {\"x\": \"" + "x".repeat(LARGE)
                + "\"}, \"prompt\": \"To be\", \"max_tokens\": 3}";
    }

    @Test
    void longBodies_aSmallOneIsAnsweredMeanwhile() {
        HeldReader reader = new HeldReader();
        try (ServedTiny tiny = held(reader, LONG)) {
            List<CompletableFuture<HttpResponse<String>>> long_ = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                long_.add(tiny.later(COMPLETE, large(i)));
            }
            ServedTiny.until(() -> tiny.meter("serve_requests_running") == 6);
            assertThat(tiny.post(COMPLETE, SMALL).statusCode()).isEqualTo(200);
            assertThat(long_).noneMatch(CompletableFuture::isDone);
            reader.free();
            long_.forEach(one -> assertThat(one.join().statusCode()).isEqualTo(200));
        }
    }

    @Test
    void longBody_timeoutCountsItsReading() {
        HeldReader reader = new HeldReader();
        try (ServedTiny tiny = held(reader, Duration.ofSeconds(5))) {
            CompletableFuture<HttpResponse<String>> first = tiny.later(COMPLETE, large(1));
            CompletableFuture<HttpResponse<String>> second = tiny.later(COMPLETE, large(2));
            for (CompletableFuture<HttpResponse<String>> one : List.of(first, second)) {
                assertThat(one.join().statusCode()).isEqualTo(503);
                assertThat(one.join().body()).contains("deadline_exceeded", "timeout of 5.0 s");
            }
            ServedTiny.until(() -> reader.dropped.size() == reader.begun.size());
            assertThat(tiny.meter("serve_requests_running")).isZero();
            reader.free();
            assertThat(tiny.post(COMPLETE, SMALL).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void clientThatLeavesWhileItsBodyIsRead_endsTheReading_andWhatWaitsIsNotBegun() throws IOException {
        HeldReader reader = new HeldReader();
        try (ServedTiny tiny = held(reader, LONG)) {
            try (RawClient first = new RawClient(tiny);
                    RawClient second = new RawClient(tiny)) {
                first.send(RawClient.post(COMPLETE, NEW, "", large(1)));
                ServedTiny.until(() -> reader.begun.size() == 1);
                second.send(RawClient.post(COMPLETE, NEW, "", large(2)));
                ServedTiny.until(() -> tiny.meter("serve_requests_running") == 2);
            }
            ServedTiny.until(() -> tiny.meter("serve_requests_running") == 0);
            ServedTiny.until(() -> reader.dropped.size() == 1);
            CompletableFuture<HttpResponse<String>> third = tiny.later(COMPLETE, large(3));
            ServedTiny.until(() -> reader.begun.size() == 2);
            assertThat(reader.begun.get(1)).contains(HeldReader.WORD + 3);
            reader.free();
            assertThat(third.join().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void headsWithoutBodies_takeNoRoom() throws IOException {
        List<RawClient> silent = new ArrayList<>();
        try (ServedTiny tiny = ServedTiny.start(options(1, 3, LONG))) {
            for (int i = 0; i < 40; i++) {
                silent.add(new RawClient(tiny).send(RawClient.head(COMPLETE, NEW, "", 1000)));
            }
            ServedTiny.until(() -> tiny.meter("serve_bodies_open") == 40);
            assertThat(tiny.meter("serve_requests_running")).isZero();
            assertThat(tiny.post(COMPLETE, SMALL).statusCode()).isEqualTo(200);
            for (RawClient client : silent) {
                client.close();
            }
            ServedTiny.until(() -> tiny.meter("serve_bodies_open") == 0);
        }
    }

    @Test
    void bodyThatDoesNotCome_isGivenUp() throws IOException {
        try (ServedTiny tiny = ServedTiny.start(options(1, 3, Duration.ofMillis(200)));
                RawClient client = new RawClient(tiny)) {
            String reply = client.send(RawClient.head(COMPLETE, NEW, "", 1000))
                    .send("{\"prompt\"")
                    .untilClosed();
            assertThat(reply).startsWith("HTTP/1.1 408").contains("body_timeout", "expected all of it within 0.2 s");
            assertThat(tiny.meter("serve_bodies_open")).isZero();
            assertThat(tiny.meter("serve_bodies_bytes")).isZero();
        }
    }

    @Test
    void clientThatLeavesInMidBody_leavesNothing() throws IOException {
        try (ServedTiny tiny = ServedTiny.start(options(1, 3, LONG))) {
            try (RawClient client = new RawClient(tiny)) {
                client.send(RawClient.head(COMPLETE, NEW, "", LARGE)).send("x".repeat(LARGE / 2));
                ServedTiny.until(() -> tiny.meter("serve_bodies_bytes") == LARGE / 2);
            }
            ServedTiny.until(() -> tiny.meter("serve_bodies_bytes") == 0);
            assertThat(tiny.meter("serve_bodies_open")).isZero();
            assertThat(tiny.post(COMPLETE, SMALL).statusCode()).isEqualTo(200);
        }
    }

    /** Many bodies that stop short of their end must not fill the memory, nor keep out one that comes. */
    @Test
    void bodiesThatStop_areBoundedTogether_andTheOldestGoesFirst() throws IOException {
        List<RawClient> slow = new ArrayList<>();
        try (ServedTiny tiny = ServedTiny.start(options(1, 3, LONG))) {
            int each = (1 << 20) - 1;
            for (int i = 0; i < 16; i++) {
                int before = i;
                slow.add(new RawClient(tiny)
                        .send(RawClient.head(COMPLETE, NEW, "", each + 1))
                        .send("x".repeat(each)));
                ServedTiny.until(() -> tiny.meter("serve_bodies_bytes") == (before + 1.0) * each);
            }
            assertThat(tiny.post(COMPLETE, SMALL).statusCode()).isEqualTo(200);
            try (RawClient last = new RawClient(tiny)) {
                last.send(RawClient.head(COMPLETE, NEW, "", each + 1)).send("x".repeat(each));
                assertThat(slow.get(0).untilClosed())
                        .startsWith("HTTP/1.1 429")
                        .contains("bodies_full", "expected at most 16777216 bytes of incomplete bodies");
                ServedTiny.until(() -> tiny.meter("serve_bodies_bytes") == 16.0 * each);
                assertThat(tiny.meter("serve_bodies_open")).isEqualTo(16);
            }
            for (RawClient client : slow) {
                client.close();
            }
        }
    }

    @Test
    void lengthBeyondTheLimit_isRefusedBeforeTheBodyComes() throws IOException {
        try (ServedTiny tiny = ServedTiny.start(options(1, 3, LONG));
                RawClient client = new RawClient(tiny)) {
            String reply = client.send(RawClient.head(COMPLETE, NEW, "", (1 << 20) + 1))
                    .untilClosed();
            assertThat(reply).startsWith("HTTP/1.1 413").contains("body_too_large");
        }
    }
}
