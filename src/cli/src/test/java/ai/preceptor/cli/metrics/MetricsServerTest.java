package ai.preceptor.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.train.StepMetrics;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsServerTest {
    private static final Tags LABELS = Tags.of("run", "r1", "command", "policy");

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void metrics_asked_tellsTheLastStepInPrometheusFormat() throws IOException, InterruptedException {
        try (MetricsServer server = MetricsServer.start(0, LABELS)) {
            StepMeters meters = new StepMeters(server.registry());
            meters.onStart(2, 9);
            meters.onStep(step(3, -7.5));
            meters.onStep(step(4, -6.25));
            server.registry().counter("rollout.samples").increment(32);
            HttpResponse<String> answer = send(server.address(), "GET");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type"))
                    .contains("text/plain; version=0.0.4; charset=utf-8");
            assertThat(answer.body().lines())
                    .contains(
                            "preceptor_step{command=\"policy\",run=\"r1\"} 4.0",
                            "preceptor_steps_planned{command=\"policy\",run=\"r1\"} 9.0",
                            "preceptor_metric{command=\"policy\",name=\"reward\",run=\"r1\"} -6.25",
                            "preceptor_metric{command=\"policy\",name=\"loss\",run=\"r1\"} 0.5",
                            "rollout_samples_total{command=\"policy\",run=\"r1\"} 32.0");
        }
    }

    @Test
    void metrics_otherPathOrMethod_isRefused() throws IOException, InterruptedException {
        try (MetricsServer server = MetricsServer.start(0, LABELS)) {
            assertThat(send(server.address().replace("/metrics", "/"), "GET").statusCode())
                    .isEqualTo(404);
            assertThat(send(server.address(), "POST").statusCode()).isEqualTo(405);
            assertThat(server.address()).startsWith("http://127.0.0.1:");
        }
    }

    /** A web page that has its own name point to this machine sends that name. */
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:9400, 200",
        "localhost, 200",
        "LOCALHOST:1, 200",
        "[::1]:9400, 200",
        "evil.example:9400, 421",
        "127.0.0.1.evil.example, 421",
        "localhost:9400@evil.example, 421",
        "'', 421"
    })
    void host_thatIsNotLoopback_isRefused(String host, int status) throws IOException {
        try (MetricsServer server = MetricsServer.start(0, LABELS);
                Socket socket =
                        new Socket("127.0.0.1", URI.create(server.address()).getPort())) {
            String request = "GET /metrics HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        }
    }

    @Test
    void start_portTaken_isRefusedByItsKey() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> MetricsServer.start(port, LABELS).close())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("metrics_port: cannot listen on 127.0.0.1:" + port + ": ");
        }
    }

    @Test
    void close_portIsFree() throws IOException {
        MetricsServer server = MetricsServer.start(0, LABELS);
        int port = URI.create(server.address()).getPort();
        server.close();
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(free.isBound()).isTrue();
        }
    }

    private HttpResponse<String> send(String address, String method) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .method(method, BodyPublishers.noBody())
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static StepMetrics step(int number, double reward) {
        return new StepMetrics(number, 9, 0.5, 100, 1, 0.5, 2, 1e-3, Map.of("reward", reward));
    }
}
