package ai.preceptor.teacher.served.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One call of a server with one outcome: an {@link Arrival}, even if it is incomplete. Nothing is read here. By Vert.x's
 * plain client, since its web client cannot cut the connection of an answer that drips in for ever.
 */
public final class CallEndpoint implements AutoCloseable {
    private static final int LONGEST_ANSWER = 16 << 20;

    private final ApiKey key;
    private final InstantSource clock;
    private final HttpClient client;
    private final String base;
    private final long millis;

    /**
     * Opens it; nothing is sent.
     *
     * @param url of the server, without the path of a call
     * @param key signs the calls
     * @param concurrency most connections, 1 or more
     * @param timeout of a call
     * @param clock for rests that a server asks for as a date
     */
    public CallEndpoint(Vertx vertx, URI url, ApiKey key, int concurrency, Duration timeout, InstantSource clock) {
        this.key = key;
        this.clock = clock;
        this.base = url.toString().replaceAll("/+$", "");
        this.millis = Math.max(1, Math.min(Integer.MAX_VALUE, timeout.toMillis()));
        this.client = vertx.httpClientBuilder()
                .with(new HttpClientOptions().setConnectTimeout((int) millis))
                .with(new PoolOptions().setHttp1MaxSize(concurrency))
                // the caller gets it; without a handler it is logged as an error too
                .withConnectHandler(connection -> connection.exceptionHandler(broken -> {}))
                .build();
    }

    /** What calls of a path, such as {@code /chat/completions}, are sent to. */
    public String address(String path) {
        return base + path;
    }

    /** Sends it once; never fails. Redirections are not followed, so that the key goes nowhere else. */
    public Future<Arrival> post(String path, Buffer body) {
        return sent(request(HttpMethod.POST, path).putHeader("content-type", "application/json"), body);
    }

    /** Asks once, without a body; as {@link #post}. */
    public Future<Arrival> get(String path) {
        return sent(request(HttpMethod.GET, path), Buffer.buffer());
    }

    private RequestOptions request(HttpMethod method, String path) {
        return new RequestOptions()
                .setMethod(method)
                .setAbsoluteURI(address(path))
                .setTimeout(millis)
                .putHeader("accept", "application/json")
                .putHeader("user-agent", "preceptor");
    }

    private Future<Arrival> sent(RequestOptions to, Buffer body) {
        key.sign(to);
        return client.request(to)
                .transform(opened -> opened.succeeded()
                        ? exchange(opened.result(), body)
                        : Future.succeededFuture(
                                new Arrival(Arrival.UNSENT, Buffer.buffer(), null, cut(opened.cause()))));
    }

    private Future<Arrival> exchange(HttpClientRequest request, Buffer body) {
        Arriving arriving = new Arriving();
        return request.send(body)
                .compose(arriving::take)
                .timeout(millis, TimeUnit.MILLISECONDS)
                .onFailure(cause -> request.reset())
                .transform(end -> Future.succeededFuture(arriving.end(end.failed() ? cut(end.cause()) : null)));
    }

    private Arrival.Cut cut(Throwable cause) {
        if (cause instanceof CallException known) {
            return new Arrival.Cut(known.kind(), String.valueOf(known.getMessage()));
        }
        return cause instanceof TimeoutException
                ? new Arrival.Cut(CallFailure.TIMEOUT, "no answer within " + millis + " ms")
                : new Arrival.Cut(
                        CallFailure.CONNECTION,
                        "no connection, or a broken one: " + cause.getClass().getSimpleName() + ": "
                                + cause.getMessage());
    }

    /** An answer while it comes. On one event loop. */
    private final class Arriving {
        private final Buffer body = Buffer.buffer();
        private int status;
        private @Nullable Duration retryAfter;

        Future<Void> take(HttpClientResponse head) {
            status = head.statusCode();
            retryAfter =
                    RetryAfter.of(head.getHeader("retry-after-ms"), head.getHeader("retry-after"), clock.instant());
            Promise<Void> whole = Promise.promise();
            head.exceptionHandler(whole::tryFail);
            head.endHandler(end -> whole.tryComplete());
            head.handler(part -> {
                if (body.length() + (long) part.length() > LONGEST_ANSWER) {
                    whole.tryFail(new CallException(CallFailure.MALFORMED, "longer than " + LONGEST_ANSWER + " bytes"));
                } else {
                    body.appendBuffer(part);
                }
            });
            return whole.future();
        }

        Arrival end(Arrival.@Nullable Cut cut) {
            // of what was cut off more may come while it is read elsewhere
            return new Arrival(status, cut == null ? body : body.copy(), retryAfter, cut);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
