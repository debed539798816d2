package ai.preceptor.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.dashboard.run.RunFiles;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.train.run.RunStatus;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DashboardServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONFIG = "algorithm: \"rloo\"\nmax_steps: 40\nseed: 7\n";

    @TempDir
    Path root;

    private final HttpClient client = HttpClient.newHttpClient();
    private DashboardServer server;
    private RunFiles run;

    @BeforeEach
    void start() throws IOException {
        run = RunFiles.make(root.resolve("group/x"), CONFIG).steps(1, 3);
        server = DashboardServer.start(
                new DashboardOptions(root, "127.0.0.1", 0, Duration.ofMillis(50)), RunFiles::settings, List.of());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "run?id=x", "compare", "assets/run.js", "api/runs", "api/run?id=none", "nowhere"})
    void everyReply_hasStrictHeaders(String path) throws Exception {
        HttpResponse<String> reply = get(path);

        assertThat(reply.headers().firstValue("content-security-policy").orElseThrow())
                .contains("default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'")
                .doesNotContain("unsafe", "http", "*");
        assertThat(reply.headers().firstValue("x-content-type-options")).contains("nosniff");
        assertThat(reply.headers().firstValue("access-control-allow-origin")).isEmpty();
    }

    @Test
    void pages_haveNoInlineScriptOrStyle_andNothingFromElsewhere() throws Exception {
        for (String path : new String[] {"", "run", "compare"}) {
            String page = get(path).body();
            assertThat(page)
                    .contains("<script")
                    .doesNotContain("{menu}", "{title}", "style=", "<style", "http:", "https:");
            assertThat(page.replaceAll("<script[^>]* src=\"/assets/[a-z.]+\"></script>", ""))
                    .doesNotContain("<script");
        }
    }

    @Test
    void asset_isServedOnceAndThenKnown() throws Exception {
        HttpResponse<String> first = get("assets/uplot.js");
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.headers().firstValue("content-type").orElseThrow()).startsWith("text/javascript");

        HttpRequest again = request("assets/uplot.js")
                .header("if-none-match", first.headers().firstValue("etag").orElseThrow())
                .build();

        assertThat(client.send(again, BodyHandlers.ofString()).statusCode()).isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "run?id=x", "assets/uplot.js", "favicon.ico", "api/runs", "api/run?id=none", "nothing"})
    void head_isThatOfGet(String path) throws Exception {
        HttpResponse<String> wanted = get(path);
        HttpResponse<String> head = client.send(
                request(path)
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        assertThat(head.statusCode()).isEqualTo(wanted.statusCode());
        Map<String, List<String>> headers = new TreeMap<>(wanted.headers().map());
        headers.remove("content-length");
        assertThat(head.headers().map()).isEqualTo(headers);
        assertThat(head.body()).isEmpty();
        assertThat(raw("HEAD /api/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/assets/../shell.html",
                "/assets/..%2f..%2fDashboardServer.class",
                "/assets/%2e%2e/%2e%2e/package-info.class",
                "/../../etc/passwd",
                "//etc/passwd",
                "/assets/",
                "/assets/shell.html"
            })
    void otherPaths_areNotThere(String path) throws Exception {
        assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 404");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8080",
                "127.0.0.1.evil.example",
                "localhost.evil.example:80",
                "10.0.0.1"
            })
    void foreignHost_isRefused(String host) throws Exception {
        assertThat(raw("GET /api/token HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421")
                .doesNotContain("\"token\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:9", "127.0.0.1:8080", "[::1]:8080"})
    void loopbackHost_isServed(String host) throws Exception {
        assertThat(raw("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void change_needsTheTokenInItsHeader() throws Exception {
        ProcessHandle self = ProcessHandle.current();
        run.status(
                "running", self.pid(), self.info().startInstant().orElseThrow().toEpochMilli(), RunStatus.host());
        String path = "api/stop?id=group/x";
        String token = JSON.readTree(get("api/token").body()).path("token").textValue();
        HttpRequest.BodyPublisher nothing = HttpRequest.BodyPublishers.noBody();

        assertThat(status(request(path).POST(nothing))).isEqualTo(403);
        assertThat(status(request(path).POST(nothing).header("x-preceptor-token", "0" + token)))
                .isEqualTo(403);
        assertThat(status(request(path)
                        .POST(nothing)
                        .header("x-preceptor-token", token)
                        .header("origin", "http://evil.example")))
                .isEqualTo(403);
        assertThat(status(request(path).GET())).isEqualTo(404);
        assertThat(status(request(path).DELETE())).isEqualTo(405);
        assertThat(run.directory().resolve("stop.request")).doesNotExist();

        assertThat(status(request(path).POST(nothing).header("x-preceptor-token", token)))
                .isEqualTo(200);
        assertThat(run.directory().resolve("stop.request")).exists();
        assertThat(status(request("api/save?id=group/x").POST(nothing).header("x-preceptor-token", token)))
                .isEqualTo(200);
        assertThat(run.directory().resolve("save.request")).exists();
    }

    @Test
    void runThatDoesNotRun_isNotAskedForAnything() throws Exception {
        run.write("status.json", "{\"state\":\"finished\"}");
        String token = JSON.readTree(get("api/token").body()).path("token").textValue();
        HttpRequest.Builder stop = request("api/stop?id=group/x").POST(HttpRequest.BodyPublishers.noBody());

        assertThat(status(stop.header("x-preceptor-token", token))).isEqualTo(400);
        assertThat(run.directory().resolve("stop.request")).doesNotExist();
    }

    @Test
    void run_itsCurvesAndSamples_areToldAsData() throws Exception {
        run.append(
                "samples.jsonl",
                "{\"step\":3,\"prompt\":\"<b>\",\"completion\":\"</script><script>alert(1)</script>\"}\n");

        JsonNode told = JSON.readTree(get("api/run?id=group%2Fx").body());
        JsonNode curves = JSON.readTree(
                get("api/curves?id=group%2Fx&metric=reward&metric=none").body());
        HttpResponse<String> samples = get("api/samples?id=group%2Fx");

        assertThat(told.path("row").path("step").intValue()).isEqualTo(3);
        assertThat(told.path("config").textValue()).isEqualTo(CONFIG);
        assertThat(curves.path("curves").path("reward").path("step")).hasSize(3);
        assertThat(curves.path("curves").has("none")).isFalse();
        assertThat(curves.path("curves").path("reward").path("generation").intValue())
                .isPositive();
        assertThat(curves.path("more").isBoolean()).isTrue();
        assertThat(curves.path("more").booleanValue()).isFalse();
        assertThat(samples.headers().firstValue("content-type")).contains("application/json");
        assertThat(JSON.readTree(samples.body())
                        .path("samples")
                        .path(0)
                        .path("completion")
                        .textValue())
                .isEqualTo("</script><script>alert(1)</script>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api/run?id=..%2F..%2Fetc",
                "api/curves?id=group",
                "api/samples?id=group%2Fx%2F..",
                "api/samples?id=%2Fetc"
            })
    void unknownRun_isNotFound(String path) throws Exception {
        HttpResponse<String> reply = get(path);

        assertThat(reply.statusCode()).isEqualTo(404);
        assertThat(reply.body()).contains("there is no such run");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api/run",
                "api/samples?id=group%2Fx&count=9999",
                "api/curves?id=group%2Fx&points=x",
                "api/curves?id=group%2Fx&metric=a&from=1&from=2"
            })
    void badParameter_isNamed(String path) throws Exception {
        HttpResponse<String> reply = get(path);

        assertThat(reply.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(reply.body()).path("error").textValue()).contains("expected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/run?id=%zz", "/api/runs?x=%zz"})
    void malformedQuery_isABadRequest(String path) throws Exception {
        assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("query: expected names and values in percent-encoding");
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void events_beginWithAllRuns_andTellALineThatIsAdded() throws Exception {
        HttpResponse<Stream<String>> stream = client.send(request("api/events").build(), BodyHandlers.ofLines());
        assertThat(stream.headers().firstValue("content-type")).contains("text/event-stream");
        try (Stream<String> lines = stream.body()) {
            Iterator<String> events = lines.iterator();
            assertThat(event(events, "all").path("runs").path(0).path("step").intValue())
                    .isEqualTo(3);

            run.steps(4, 4);

            assertThat(event(events, "rows")
                            .path("changed")
                            .path(0)
                            .path("step")
                            .intValue())
                    .isEqualTo(4);
        }
    }

    @Test
    void addressOffLoopback_isRefused() {
        DashboardOptions open = new DashboardOptions(root, "0.0.0.0", 0);

        assertThatThrownBy(() -> DashboardServer.start(open, RunFiles::settings, List.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("host: expected a loopback address");
    }

    @Test
    void takenPort_isNamed() {
        int port = URI.create(server.url()).getPort();

        assertThatThrownBy(() -> DashboardServer.start(
                        new DashboardOptions(root, "127.0.0.1", port), RunFiles::settings, List.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("port: cannot listen on 127.0.0.1:" + port);
        DashboardOptions ofRun = new DashboardOptions(root, "127.0.0.1", port).withPortKey("dashboard_port");
        assertThatThrownBy(() -> DashboardServer.start(ofRun, RunFiles::settings, List.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("dashboard_port: cannot listen on 127.0.0.1:" + port);
    }

    private static JsonNode event(Iterator<String> lines, String name) throws IOException {
        while (true) {
            if (lines.next().equals("event: " + name)) {
                return JSON.readTree(lines.next().substring("data: ".length()));
            }
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path)).timeout(Duration.ofSeconds(60));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private int status(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString()).statusCode();
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", URI.create(server.url()).getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
