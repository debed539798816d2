package ai.preceptor.tinker;

import ai.preceptor.data.TeacherException;
import ai.preceptor.teacher.chat.ChatReply;
import ai.preceptor.teacher.served.http.ApiKey;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP calls of a training service. A call that was not answered is made again, for as long as an outage may last, where a second
 * one does no harm. For any thread.
 */
final class ServiceCalls {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceCalls.class);

    static final String JSON_TYPE = "application/json";
    static final String PROTOBUF_TYPE = "application/x-protobuf";

    /** The service has no result yet. */
    static final int NOT_YET = 408;

    private static final String API = "/api/v1/";
    private static final Set<Integer> BUSY = Set.of(429, 503);
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int MOST_REDIRECTS = 3;
    private static final int SUCCESS = 200;
    private static final int SERVER_ERROR = 500;
    private static final int DEPTH = 32;
    private static final int LONGEST_PROBLEM = 1 << 16;
    private static final long FIRST_PAUSE = 250;
    private static final long LONGEST_PAUSE = 10_000;

    private static final JsonMapper JSON = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH)
                            .build())
                    .build())
            .build();

    private final URI root;
    private final ApiKey key;
    private final Duration outage;
    private final BooleanSupplier stopped;
    private final HttpClient client;

    /** Whether the last call was given up after an outage, which is not waited for a second time. */
    private volatile boolean isOut;

    /**
     * Opens nothing yet.
     *
     * @param root the service's address
     * @param outage for how long calls are made again after the first that was not answered
     * @param stopped whether the run was asked to stop, which ends an outage
     */
    ServiceCalls(URI root, ApiKey key, Duration outage, BooleanSupplier stopped) {
        this.root = root;
        this.key = key;
        this.outage = outage;
        this.stopped = stopped;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    /**
     * A call.
     *
     * @param path below {@code /api/v1/}
     * @param type of the body
     * @param body null to get something
     * @param limit most bytes of the answer
     * @param patience for the whole answer
     * @param isRepeatable whether a second one does no harm if the first was carried out
     * @param isPoll whether an answer that does not come in time means that there is none yet
     */
    record Call(
            String path,
            String type,
            byte @Nullable [] body,
            long limit,
            Duration patience,
            boolean isRepeatable,
            boolean isPoll) {}

    /** An answer: a success, or {@link #NOT_YET}. */
    record Reply(int status, String type, byte[] body) {
        boolean isProtobuf() {
            return type.startsWith(PROTOBUF_TYPE);
        }

        /** The answer's JSON; missing where it is none. */
        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                return JSON.missingNode();
            }
        }
    }

    /** What errors call the service. */
    String name() {
        return "training service " + root;
    }

    /**
     * Makes a call until it is answered; only once where an outage has lasted too long and goes on.
     *
     * @throws TeacherException if the service refuses it, or was not reached for as long as an outage may last
     */
    Reply answered(Call call) {
        long began = System.nanoTime();
        for (long pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
            String problem;
            boolean mayBeDone;
            try {
                Reply reply = once(call);
                if (reply.status() / 100 == 2 || (call.isPoll() && reply.status() == NOT_YET)) {
                    isOut = false;
                    return reply;
                }
                if (reply.status() < SERVER_ERROR && !BUSY.contains(reply.status())) {
                    isOut = false;
                    throw new TeacherException(
                            name() + ": " + call.path() + " refused with status " + reply.status() + problemOf(reply));
                }
                problem = "status " + reply.status() + problemOf(reply);
                mayBeDone = !BUSY.contains(reply.status());
            } catch (TimeoutException e) {
                if (call.isPoll()) {
                    return new Reply(NOT_YET, "", new byte[0]);
                }
                problem = "no answer within " + call.patience().toSeconds() + " s";
                mayBeDone = true;
            } catch (IOException e) {
                problem = e.getClass().getSimpleName() + ": " + e.getMessage();
                mayBeDone = !(e instanceof ConnectException || e instanceof HttpConnectTimeoutException);
            }
            long elapsed = System.nanoTime() - began;
            if (mayBeDone && !call.isRepeatable()) {
                throw new TeacherException(name() + ": " + call.path() + ": " + problem
                        + "; not sent again, because it may have been carried out");
            }
            if (isOut || elapsed > outage.toNanos() || stopped.getAsBoolean()) {
                isOut = true;
                throw new TeacherException(
                        name() + ": not reached for " + TimeUnit.NANOSECONDS.toSeconds(elapsed) + " s (learner_outage "
                                + outage.toSeconds() + "), the last call " + call.path() + ": " + problem);
            }
            if (pause == FIRST_PAUSE) {
                LOG.warn("{}: {}: {}; trying again", name(), call.path(), problem);
            }
            pause(pause);
        }
    }

    /**
     * Makes a call once, whatever becomes of it.
     *
     * @throws TeacherException if it is not answered with a success
     */
    void attempt(Call call) {
        try {
            Reply reply = once(call);
            if (reply.status() / 100 != 2) {
                throw new TeacherException(
                        name() + ": " + call.path() + ": status " + reply.status() + problemOf(reply));
            }
        } catch (IOException | TimeoutException e) {
            throw new TeacherException(name() + ": " + call.path() + ": " + e.getMessage(), e);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for a training service");
        }
    }

    private Reply once(Call call) throws IOException, TimeoutException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        HttpResponse<Long> reply = sent(root.resolve(root.getPath() + API + call.path()), call, body, body);
        return new Reply(reply.statusCode(), typeOf(reply), body.toByteArray());
    }

    private static String typeOf(HttpResponse<?> reply) {
        return reply.headers().firstValue("content-type").orElse("");
    }

    /**
     * Fetches a file once; redirects are followed, and the key is sent to the service alone.
     *
     * @param path below {@code /api/v1/}
     * @param sink receives the file; stays open
     * @param limit most bytes
     * @throws IOException if it does not come, or redirects lead elsewhere than to a file
     */
    void fetch(String path, OutputStream sink, long limit, Duration wait) throws IOException {
        URI uri = root.resolve(root.getPath() + API + path);
        Call call = new Call(path, "", null, limit, wait, true, false);
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpResponse<Long> reply;
            try {
                reply = sent(uri, call, sink, OutputStream.nullOutputStream());
            } catch (TimeoutException e) {
                throw new IOException(path + " did not come within " + wait.toSeconds() + " s", e);
            }
            if (reply.statusCode() == SUCCESS) {
                return;
            }
            String location = reply.headers().firstValue("location").orElse("");
            if (!REDIRECTS.contains(reply.statusCode()) || location.isEmpty()) {
                throw new IOException(path + " answered with status " + reply.statusCode());
            }
            uri = target(uri, location);
        }
        throw new IOException(path + " leads through more than " + MOST_REDIRECTS + " redirects");
    }

    private static URI target(URI from, String location) throws IOException {
        try {
            URI target = from.resolve(location);
            boolean isSecure = "https".equals(target.getScheme());
            boolean isAsBefore = "http".equals(target.getScheme()) && "http".equals(from.getScheme());
            if (target.getHost() != null && (isSecure || isAsBefore)) {
                return target;
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("a redirect to something that is not an address", e);
        }
        throw new IOException("a redirect to something that is not an http or https address");
    }

    /**
     * @param sink receives the body of a success
     * @param problem receives any other
     */
    private HttpResponse<Long> sent(URI uri, Call call, OutputStream sink, OutputStream problem)
            throws IOException, TimeoutException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("accept", PROTOBUF_TYPE + ", " + JSON_TYPE)
                .header("user-agent", "preceptor");
        byte[] body = call.body();
        if (body != null) {
            request.header("content-type", call.type()).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        }
        if (isService(uri)) {
            key.sign("X-API-Key", request::header);
        }
        CompletableFuture<HttpResponse<Long>> reply = client.sendAsync(
                request.build(),
                head -> head.statusCode() / 100 == 2
                        ? new BoundedBody(sink, call.limit())
                        : new BoundedBody(problem, LONGEST_PROBLEM));
        try {
            return reply.get(call.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for a training service");
        } finally {
            reply.cancel(true);
        }
    }

    private boolean isService(URI uri) {
        return root.getScheme().equals(uri.getScheme())
                && root.getHost().equalsIgnoreCase(uri.getHost())
                && root.getPort() == uri.getPort();
    }

    /** What a service says that went wrong, without the key. */
    private String problemOf(Reply reply) {
        JsonNode detail = reply.json().path("detail");
        String text = detail.isTextual() ? detail.textValue() : new String(reply.body(), StandardCharsets.UTF_8);
        return text.isBlank() ? "" : ": " + shown(text);
    }

    /** A text of the service, cut, on one line, without the key. */
    String shown(String text) {
        return ChatReply.excerpt(key.hide(text));
    }
}
