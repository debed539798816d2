package ai.preceptor.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms of HTTP that no ordinary client uses, byte by byte. */
class HttpFormTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String COMPLETE = "/v1/completions";
    private static final String OLD = "HTTP/1.0";
    private static final String NEW = "HTTP/1.1";
    private static final String CLOSE = "connection: close\r\n";

    private static ServedTiny tiny;

    @BeforeAll
    static void start() {
        tiny = ServedTiny.start();
    }

    @AfterAll
    static void stop() {
        tiny.close();
    }

    private static String ask(String more) {
        return "{\"prompt\": \"To be\", \"max_tokens\": 5, \"min_tokens\": 5, \"seed\": 3" + more + "}";
    }

    private static String exchanged(String request) throws IOException {
        try (RawClient client = new RawClient(tiny)) {
            return client.send(request).untilClosed();
        }
    }

    private static String head(String reply) {
        return reply.substring(0, reply.indexOf("\r\n\r\n")).toLowerCase(Locale.ROOT);
    }

    private static String body(String reply) {
        return reply.substring(reply.indexOf("\r\n\r\n") + 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "connection: close\r\n", "connection: keep-alive\r\n"})
    void oldHttp_streamed_comesWithoutChunks_andIsClosed(String connection) throws IOException {
        for (String path : new String[] {CHAT, COMPLETE}) {
            String more = ", \"stream\": true";
            String wanted = path.equals(CHAT)
                    ? ask(more)
                            .replace(
                                    "\"prompt\": \"To be\"", "\"messages\": [{\"role\": \"user\", \"content\": \"a\"}]")
                    : ask(more);
            String reply = exchanged(RawClient.post(path, OLD, connection, wanted));
            assertThat(reply).startsWith("HTTP/1.0 200");
            assertThat(head(reply))
                    .contains("content-type: text/event-stream")
                    .doesNotContain("transfer-encoding", "content-length", "keep-alive");
            assertThat(body(reply)).startsWith("data: {").endsWith("\n\ndata: [DONE]\n\n");
            for (String event : body(reply).split("\n\n")) {
                assertThat(event).startsWith("data: ").doesNotContain("\r", "error");
            }
        }
        ServedTiny.until(() -> tiny.meter("serve_requests_running") == 0);
    }

    @Test
    void oldHttp_whole_isAnsweredAndClosed_orKeptOnDemand() throws IOException {
        String once = exchanged(RawClient.post(COMPLETE, OLD, "", ask("")));
        assertThat(once).startsWith("HTTP/1.0 200");
        assertThat(head(once)).contains("content-length: ").doesNotContain("transfer-encoding");
        String text = ServedTiny.parse(body(once)).at("/choices/0/text").asText();
        assertThat(text).isNotEmpty();
        try (RawClient client = new RawClient(tiny)) {
            String first = client.send(RawClient.post(COMPLETE, OLD, "connection: keep-alive\r\n", ask("")))
                    .until("}}");
            assertThat(head(first)).contains("connection: keep-alive");
            assertThat(ServedTiny.parse(body(first)).at("/choices/0/text").asText())
                    .isEqualTo(text);
            String second =
                    client.send(RawClient.post(COMPLETE, OLD, "", ask(""))).untilClosed();
            assertThat(second).startsWith("HTTP/1.0 200").contains("\"usage\"");
        }
    }

    @Test
    void oldHttp_refusal_isClosedToo() throws IOException {
        String reply = exchanged(RawClient.post(COMPLETE, OLD, "", ask(", \"stream\": 3")));
        assertThat(reply).startsWith("HTTP/1.0 400").contains("stream: expected true or false, found 3");
        ServedTiny.until(() -> tiny.meter("serve_requests_running") == 0);
    }

    @ParameterizedTest
    @CsvSource({"/v1/models/%zz", "/v1/models/%", "/v1/%e2%28%a1", "/v1/models/%ff"})
    void path_badEscapes_areNamed(String path) throws IOException {
        String reply = exchanged("GET " + path + " HTTP/1.1\r\nhost: localhost\r\n" + CLOSE + "\r\n");
        assertThat(reply).containsPattern("^HTTP/1.1 40[04]");
        assertThat(reply).contains(path).doesNotContain("body");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "localhost, evil.example | 400",
                "evil.example, localhost | 400",
                "localhost, localhost | 400",
                "NONE | 400",
                "evil.example | 403",
                "localhost | 200",
                "LOCALHOST:8000 | 200",
                "[::1]:8000 | 200",
                "127.0.0.1 | 200",
                "localhost.evil.example | 403",
                "localhost@evil.example | 400",
                "localhost/evil.example | 400",
                "localhost evil.example | 400",
                "localhost:port | 400"
            })
    void host_isOne_andOurs(String hosts, int status) throws IOException {
        StringBuilder headers = new StringBuilder();
        for (String host : hosts.split(", ")) {
            headers.append(host.equals("NONE") ? "" : "host: " + host + "\r\n");
        }
        String reply = exchanged("GET /v1/models HTTP/1.1\r\n" + headers + CLOSE + "\r\n");
        assertThat(reply).startsWith("HTTP/1.1 " + status);
        if (status == 400) {
            assertThat(reply).contains("\"code\":\"invalid_host\"", "host: expected ");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://localhost:1/v1/models | localhost | 200",
                "http://evil.example/v1/models | localhost | 403",
                "http://localhost/v1/models | evil.example | 403",
                "* | localhost | 40",
                "evil.example:80 | localhost | 40"
            })
    void target_ofAnotherForm_isCheckedToo(String target, String host, String status) throws IOException {
        String reply = exchanged("GET " + target + " HTTP/1.1\r\nhost: " + host + "\r\n" + CLOSE + "\r\n");
        assertThat(reply).startsWith("HTTP/1.1 " + status);
    }

    /** A proxy before us and we must not see different requests in the same bytes. */
    @Test
    void lengthTwice_isRefused_andTheConnectionClosed() throws IOException {
        String hidden = "GET /v1/models HTTP/1.1\r\nhost: localhost\r\n\r\n";
        String both = "POST " + COMPLETE + " HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                + "transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n" + hidden;
        String reply = exchanged(both);
        assertThat(reply).startsWith("HTTP/1.1 400").doesNotContain("\"object\":\"list\"");
        String two = RawClient.post(COMPLETE, NEW, "content-length: 1\r\n", ask("")) + hidden;
        assertThat(exchanged(two)).startsWith("HTTP/1.1 400").doesNotContain("\"object\":\"list\"");
    }

    @Test
    void foldedHeader_isOneHeader() throws IOException {
        String reply = exchanged("GET /v1/models HTTP/1.1\r\nhost: localhost\r\n evil.example\r\n" + CLOSE + "\r\n");
        assertThat(reply).startsWith("HTTP/1.1 400");
    }

    /** Clients such as curl wait for it before they send more than a megabyte. */
    @Test
    void expectContinue_isTold_andAnythingElseRefused() throws IOException {
        String body = ask("");
        try (RawClient client = new RawClient(tiny)) {
            client.send(RawClient.head(COMPLETE, NEW, "expect: 100-continue\r\n" + CLOSE, body.length()));
            assertThat(client.until("\r\n\r\n")).startsWith("HTTP/1.1 100");
            assertThat(client.send(body).untilClosed()).startsWith("HTTP/1.1 200");
        }
        String reply = exchanged(RawClient.post(COMPLETE, NEW, "expect: tea\r\n" + CLOSE, body));
        assertThat(reply).startsWith("HTTP/1.1 417").contains("expect: expected 100-continue, found \\\"tea\\\"");
    }

    /** Monitors and {@code curl -I} ask so. */
    @ParameterizedTest
    @ValueSource(strings = {"/health", "/metrics", "/v1/models", "/v1/models/tiny", "/v1/models/other"})
    void head_isThatOfGet(String path) throws IOException {
        String rest = " " + path + " HTTP/1.1\r\nhost: localhost\r\n" + CLOSE + "\r\n";
        String head = exchanged("HEAD" + rest);
        assertThat(head).endsWith("\r\n\r\n");
        assertThat(head(head).lines())
                .containsExactlyInAnyOrderElementsOf(head(exchanged("GET" + rest))
                        .lines()
                        .filter(line -> !line.startsWith("content-length: "))
                        .toList());
        assertThat(exchanged("HEAD " + COMPLETE + rest.substring(1 + path.length())))
                .startsWith("HTTP/1.1 405")
                .contains("allow: POST");
    }

    /** Vert.x closes it before it tells, so there is no answer, and none is counted. */
    @Test
    void bodyBrokenInItsChunks_closesTheConnection() throws IOException {
        String counted = "serve_request_time_seconds_count{endpoint=\"chat\"}";
        exchanged(RawClient.post(CHAT, NEW, CLOSE, "{}"));
        double before = tiny.meter(counted);
        String reply = exchanged("POST " + CHAT + " HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
                + "transfer-encoding: chunked\r\n\r\n5\r\n{\"mes\r\nZZ\r\nxx");
        assertThat(reply).isEmpty();
        ServedTiny.until(() -> tiny.meter("serve_bodies_open") == 0);
        assertThat(tiny.meter(counted)).isEqualTo(before);
    }
}
