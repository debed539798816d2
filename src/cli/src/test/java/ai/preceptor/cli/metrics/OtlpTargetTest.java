package ai.preceptor.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.cli.config.Settings;
import ai.preceptor.cli.keys.watch.MeterKeys;
import ai.preceptor.data.ConfigurationException;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpTargetTest {
    private final Queue<byte[]> posts = new ConcurrentLinkedQueue<>();
    private final Queue<String> types = new ConcurrentLinkedQueue<>();
    private HttpServer collector;

    @BeforeEach
    void start() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/metrics", exchange -> {
            types.add(String.valueOf(exchange.getRequestHeaders().getFirst("content-type")));
            posts.add(exchange.getRequestBody().readAllBytes());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
    }

    @AfterEach
    void stop() {
        collector.stop(0);
    }

    private String url() {
        return "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/metrics";
    }

    /** The interval is a minute, so that what arrives was sent by the end. */
    @Test
    void end_sendsAllMeters_withTheirLabels() {
        try (RunMeters meters = RunMeters.open(new MeterKeys(null, url()), "r-17", "reward", Map.of(), text -> {})) {
            Counter.builder("teacher.calls.answered")
                    .register(meters.registry())
                    .increment();
            new StepMeters(meters.registry()).onStart(3, 9);
        }
        assertThat(types).containsOnly("application/x-protobuf");
        assertThat(names()).contains("teacher.calls.answered", "preceptor.step", "jvm.memory.used");
        String last = new String(posts.stream().reduce((a, b) -> b).orElseThrow(), StandardCharsets.ISO_8859_1);
        assertThat(last).contains("r-17", "reward", "service.name", "preceptor");
    }

    @Test
    void environment_namesACollector_unlessTheKeyDoes() {
        Map<String, String> environment = Map.of(
                "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://h:1/v1/metrics", "OTEL_METRIC_EXPORT_INTERVAL", "500");
        assertThat(OtlpTarget.of(null, environment))
                .contains(new OtlpTarget("http://h:1/v1/metrics", Duration.ofMillis(500)));
        assertThat(OtlpTarget.of("http://k:2", environment))
                .contains(new OtlpTarget("http://k:2", Duration.ofMillis(500)));
        assertThat(OtlpTarget.of(null, Map.of())).isEmpty();
        assertThatThrownBy(() -> OtlpTarget.of("http://k:2", Map.of("OTEL_METRIC_EXPORT_INTERVAL", "soon")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("OTEL_METRIC_EXPORT_INTERVAL: expected milliseconds in [1, 999999999], found soon");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:4318",
                "ftp://h/",
                "http://user:pass@h/",
                "http://h/?api-key=pass",
                "http://h/#pass",
                "http://"
            })
    void key_thatIsNoAddress_isRefused(String url) {
        assertThatThrownBy(() -> Settings.of(MeterKeys.class)
                        .arguments(List.of("otlp_url=" + url))
                        .read())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("otlp_url: expected http://HOST:PORT/PATH")
                .hasMessageNotContaining("pass");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:4318", "http://user:pass@h/", "https://h/?api-key=pass", "http://[pass"})
    void environment_withNoAddress_isRefused(String url) {
        assertThatThrownBy(() -> OtlpTarget.of(null, Map.of("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", url)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: expected http://HOST:PORT/PATH")
                .hasMessageContaining("OTEL_EXPORTER_OTLP_METRICS_HEADERS")
                .hasMessageNotContaining("pass");
    }

    /** {@code resource_metrics(1).scope_metrics(2).metrics(2).name(1)} of {@code ExportMetricsServiceRequest}. */
    private List<String> names() {
        List<String> names = new ArrayList<>();
        for (byte[] post : posts) {
            for (byte[] resource : fields(post, 1)) {
                for (byte[] scope : fields(resource, 2)) {
                    for (byte[] metric : fields(scope, 2)) {
                        names.add(new String(fields(metric, 1).get(0), StandardCharsets.UTF_8));
                    }
                }
            }
        }
        return names;
    }

    /** Fields of a message that are messages, texts or bytes. */
    private static List<byte[]> fields(byte[] message, int wanted) {
        ByteBuffer bytes = ByteBuffer.wrap(message);
        List<byte[]> found = new ArrayList<>();
        while (bytes.hasRemaining()) {
            long tag = varint(bytes);
            int type = (int) (tag & 7);
            int length = type == 1 ? Double.BYTES : type == 5 ? Float.BYTES : (int) varint(bytes);
            byte[] part = new byte[type == 0 ? 0 : length];
            bytes.get(part);
            if (tag >> 3 == wanted) {
                found.add(part);
            }
        }
        return found;
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = bytes.get();
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }
}
