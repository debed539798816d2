package ai.preceptor.serve;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.engine.EngineSession;
import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.serve.ApiServer.Around;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** The tiny chat model behind a server, and a client of it. */
final class ServedTiny implements AutoCloseable {
    static final String NAME = "tiny";
    static final ObjectMapper JSON = new ObjectMapper();
    static final GenerationLimits LIMITS = new GenerationLimits(64, 64 << 20, 512);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Preceptor preceptor;
    final Student student;
    final ApiServer server;
    private HeldEngine held;

    private ServedTiny(Preceptor preceptor, Student student, ApiServer server) {
        this.preceptor = preceptor;
        this.student = student;
        this.server = server;
    }

    static ServeOptions options() {
        return options(LIMITS, new DefaultSettings<>(RequestLimits.class).make());
    }

    static ServeOptions options(GenerationLimits limits, RequestLimits requests) {
        return new ServeOptions("127.0.0.1", 0, ServerKey.none(), NAME, limits, requests);
    }

    static RequestLimits bounds(int queue, Duration timeout, Duration grace) {
        return new RequestLimits(queue, timeout.toMillis() / 1000.0, grace.toMillis() / 1000.0, 1 << 16, 64);
    }

    static ServedTiny start() {
        return start(options(), Around.NOTHING);
    }

    static ServedTiny start(ServeOptions options) {
        return start(options, Around.NOTHING);
    }

    static ServedTiny start(ServeOptions options, UnaryOperator<EngineSession> engine) {
        ServedTiny tiny = start(options, new Around(engine, UnaryOperator.identity()));
        tiny.held = engine instanceof HeldEngine one ? one : null;
        return tiny;
    }

    static ServedTiny start(ServeOptions options, Around around) {
        Preceptor preceptor = Preceptor.open("cpu", 1);
        Student student = preceptor.student(Golden.dir("tiny-chat"), LoadOptions.FROZEN);
        return new ServedTiny(preceptor, student, ApiServer.start(student, options, around));
    }

    URI uri(String path) {
        return URI.create(server.url().replace("/v1", "") + path);
    }

    HttpRequest.Builder request(String path, String body) {
        return HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(120))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> post(String path, String body) {
        return send(request(path, body).build());
    }

    CompletableFuture<HttpResponse<String>> later(String path, String body) {
        return client.sendAsync(request(path, body).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    /** What is answered with 200. */
    JsonNode ask(String path, String body) {
        return json(post(path, body));
    }

    static JsonNode json(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        return parse(response.body());
    }

    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The events of a streamed answer before its mark of the end. */
    List<JsonNode> stream(String path, String body) {
        HttpResponse<String> response = post(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("text/event-stream; charset=utf-8");
        assertThat(response.body()).endsWith("data: [DONE]\n\n");
        List<JsonNode> events = new ArrayList<>();
        for (String event : response.body().split("\n\n")) {
            assertThat(event).startsWith("data: ");
            if (!event.equals("data: [DONE]")) {
                events.add(parse(event.substring("data: ".length())));
            }
        }
        return events;
    }

    /** A meter by its name in Prometheus' format, with its tags. */
    double meter(String name) {
        return get("/metrics")
                .body()
                .lines()
                .map(ServedTiny::withoutCommonLabels)
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no meter " + name));
    }

    private static String withoutCommonLabels(String line) {
        return line.replaceAll("(command|run)=\"[^\"]*\",?", "")
                .replace(",}", "}")
                .replace("{}", "");
    }

    /** Waits until something is so, for at most a minute. */
    static void until(BooleanSupplier so) {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!so.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not so after a minute");
            }
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        if (held != null) { // also where a test failed: the server waits for its step
            held.free();
        }
        server.close();
        student.close();
        preceptor.close();
    }
}
