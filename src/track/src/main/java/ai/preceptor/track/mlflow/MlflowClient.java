package ai.preceptor.track.mlflow;

import ai.preceptor.track.TrackerRefusedException;
import ai.preceptor.track.Tracking;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
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

    /** Client errors that pass. */
    private static final Set<Integer> PASSING = Set.of(408, 425, 429);

    private final MlflowServer server;
    private final HttpClient http;

    MlflowClient(MlflowServer server) {
        this.server = server;
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
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.method(path)).timeout(Tracking.ONE_CALL);
        String authorization = server.authorization();
        if (authorization != null) {
            request.header("authorization", authorization);
        }
        if (body != null) {
            request.header("content-type", "application/json")
                    .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        }
        HttpResponse<InputStream> response = send(request.build());
        JsonNode answer = read(response);
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

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new IOException(server + ": " + why, e);
        }
    }

    private static JsonNode read(HttpResponse<InputStream> response) throws IOException {
        try (InputStream body = response.body()) {
            byte[] bytes = body.readNBytes(MOST_BYTES);
            JsonNode read = JSON.readTree(bytes);
            return read == null ? JSON.createObjectNode() : read;
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode(); // a proxy's page
        }
    }
}
