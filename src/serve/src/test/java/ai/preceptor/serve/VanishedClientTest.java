package ai.preceptor.serve;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Clients that leave, politely or not, while they are answered. */
class VanishedClientTest {
    private static final String COMPLETE = "/v1/completions";
    private static final int CLIENTS = 40;

    private final HeldEngine engine = new HeldEngine();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    @BeforeEach
    void listen() {
        log.start();
        root.addAppender(log);
    }

    @AfterEach
    void stop() {
        root.detachAppender(log);
    }

    private static String ask(boolean stream) {
        return "{\"prompt\": \"To be\", \"max_tokens\": 400, \"min_tokens\": 400, \"stream\": " + stream + "}";
    }

    private void requireAllCancelled(ServedTiny tiny) {
        ServedTiny.until(() -> engine.submitted.stream().allMatch(one -> one.isCancelled()));
        assertThat(engine.submitted).hasSize(CLIENTS);
        engine.free();
        for (String meter : List.of(
                "serve_samples_running",
                "serve_samples_waiting",
                "serve_cache_blocks_reserved",
                "serve_requests_running")) {
            ServedTiny.until(() -> tiny.meter(meter) == 0);
        }
        assertThat(tiny.meter("serve_samples_cancelled_total{reason=\"client\"}"))
                .isEqualTo(CLIENTS);
        assertThat(tiny.post(COMPLETE, "{\"prompt\": \"To be\"}").statusCode()).isEqualTo(200);
        assertThat(log.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.WARN));
    }

    @Test
    void streams_ofBothVersions_closedOrReset_areCancelled() throws IOException {
        try (ServedTiny tiny = ServedTiny.start(ServedTiny.options(), engine)) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                String version = i % 2 == 0 ? "HTTP/1.0" : "HTTP/1.1";
                clients.add(new RawClient(tiny).send(RawClient.post(COMPLETE, version, "", ask(true))));
            }
            ServedTiny.until(() -> engine.submitted.size() == CLIENTS);
            engine.step(8);
            for (int i = 0; i < CLIENTS; i++) {
                clients.get(i).until("\r\n\r\n");
                if (i % 4 < 2) {
                    clients.get(i).reset();
                } else {
                    clients.get(i).close();
                }
            }
            requireAllCancelled(tiny);
        }
    }

    @Test
    void wholeAnswers_theirClientsGone_areCancelled() throws IOException {
        try (ServedTiny tiny = ServedTiny.start(ServedTiny.options(), engine)) {
            for (int i = 0; i < CLIENTS; i++) {
                int before = i;
                RawClient client = new RawClient(tiny).send(RawClient.post(COMPLETE, "HTTP/1.1", "", ask(false)));
                ServedTiny.until(() -> engine.submitted.size() == before + 1);
                client.close();
            }
            requireAllCancelled(tiny);
        }
    }

    /** The meter counts answers; it had the status that a response has before one is set. */
    @Test
    void requestsOfClientsThatLeft_areNoAnswers() throws IOException {
        String meter = "serve_requests_total{endpoint=\"completions\",status=\"200\"}";
        String time = "serve_request_time_seconds_count{endpoint=\"completions\"}";
        try (ServedTiny tiny = ServedTiny.start(ServedTiny.options(), engine)) {
            for (int i = 0; i < 4; i++) {
                RawClient client = new RawClient(tiny);
                client.send(
                        i < 2
                                ? RawClient.head(COMPLETE, "HTTP/1.1", "", 100)
                                : RawClient.post(COMPLETE, "HTTP/1.1", "", ask(i == 2)));
                int before = i;
                ServedTiny.until(() -> tiny.meter(before < 2 ? "serve_bodies_open" : "serve_requests_running") == 1);
                client.close();
                ServedTiny.until(() -> tiny.meter("serve_bodies_open") + tiny.meter("serve_requests_running") == 0);
            }
            engine.free();
            String path = COMPLETE + "/";
            assertThat(tiny.post(path, "{\"prompt\": \"To be\"}").statusCode()).isEqualTo(200);
            ServedTiny.until(() -> tiny.meter("serve_requests_running") == 0);
            assertThat(tiny.meter(meter)).isEqualTo(1);
            assertThat(tiny.meter(time)).isEqualTo(1);
        }
    }
}
