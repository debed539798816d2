package ai.preceptor.track.mlflow;

import ai.preceptor.track.TrackerRefusedException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Calls of MLflow's REST API, one at a time. Redirects are not followed, since they would carry the secret elsewhere. What a server
 * says is untrusted: of an answer at most {@link #MOST_BYTES} are read, and of an error only its code is told.
 */
final class MlflowClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern CODE = Pattern.compile("[A-Z_]{1,60}");
    private static final int MOST_BYTES = 1 << 20;
    private static final int CLIENT_ERROR = 400;
    private static final int SERVER_ERROR = 500;
    private static final double MILLIS = 1000;

    /** Client errors that pass. */
    private static final Set<Integer> PASSING = Set.of(408, 425, 429);

    private final MlflowServer server;
    private final Duration oneCall;
    private final HttpClient http;

    /** @param oneCall the longest time of a call, until its answer is read */
    MlflowClient(MlflowServer server, Duration oneCall) {
        this.server = server;
        this.oneCall = oneCall;
        this.http = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(5))
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /** What the server answered to a call that it could not do. */
    private record Failure(int status, String code) {
        String told(String method) {
            return method + ": HTTP " + status + (code.isEmpty() ? "" : " " + code);
        }
    }

    /**
     * Calls a method.
     *
     * @param path the method, with its query
     * @param body what is posted; null to get
     * @param absent error code that stands for an empty result
     * @return the answer; empty if the server answered {@code absent}
     * @throws TrackerRefusedException if the server will not do it
     */
    Optional<JsonNode> call(String path, @Nullable JsonNode body, String absent) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.method(path));
        String authorization = server.authorization();
        if (authorization != null) {
            request.header("authorization", authorization);
        }
        if (body != null) {
            request.header("content-type", "application/json")
                    .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        }
        HttpResponse<byte[]> response = send(request.build());
        JsonNode answer = read(response.body());
        if (response.statusCode() < 300) {
            return Optional.of(answer);
        }
        String code = answer.path("error_code").asText();
        if (code.equals(absent) && !code.isEmpty()) {
            return Optional.empty();
        }
        Failure failure = new Failure(response.statusCode(), CODE.matcher(code).matches() ? code : "");
        String method = path.replaceAll("\\?.*", "");
        boolean refused = failure.status() < SERVER_ERROR && !PASSING.contains(failure.status());
        if (refused || failure.status() < CLIENT_ERROR) {
            throw new TrackerRefusedException(failure.told(method));
        }
        throw new IOException(failure.told(method));
    }

    /** Posts to a method. */
    JsonNode post(String path, JsonNode body) throws IOException {
        return call(path, body, "").orElseThrow();
    }

    /** The whole of it has one limit: a request's own timeout ends with the headers of its answer. */
    private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request, response -> new LimitedBody(MOST_BYTES));
        try {
            return answer.get(oneCall.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (TimeoutException e) {
            throw new IOException(server + ": no whole answer within " + oneCall.toMillis() / MILLIS + " s", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            throw new IOException(server + ": " + why, cause);
        } finally {
            answer.cancel(true); // closes the connection of one that is not done
        }
    }

    private static JsonNode read(byte[] body) throws IOException {
        try {
            JsonNode read = JSON.readTree(body);
            return read == null ? JSON.createObjectNode() : read;
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode(); // a proxy's page
        }
    }
}
