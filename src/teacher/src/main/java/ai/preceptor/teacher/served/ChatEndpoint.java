package ai.preceptor.teacher.served;

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
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One call of a server, with one outcome: a reply or a {@link CallException}. By Vert.x's plain client, since its web client
 * cannot cut the connection of an answer that drips in for ever.
 */
final class ChatEndpoint implements AutoCloseable {
    private static final int LONGEST_ANSWER = 16 << 20;

    private final ServerOptions options;
    private final InstantSource clock;
    private final HttpClient client;
    private final String address;
    private final long millis;

    ChatEndpoint(Vertx vertx, ServerOptions options, InstantSource clock) {
        this.options = options;
        this.clock = clock;
        this.address = options.url().toString().replaceAll("/+$", "") + "/chat/completions";
        this.millis = Math.max(
                1, Math.min(Integer.MAX_VALUE, options.persistence().timeout().toMillis()));
        this.client = vertx.httpClientBuilder()
                .with(new HttpClientOptions().setConnectTimeout((int) millis))
                .with(new PoolOptions().setHttp1MaxSize(options.limits().concurrency()))
                // whoever waits for an answer hears of it; without a handler it is logged as an error too
                .withConnectHandler(connection -> connection.exceptionHandler(broken -> {}))
                .build();
    }

    String address() {
        return address;
    }

    /** Sends it once; redirections are not followed, so that the key goes nowhere else. */
    Future<ChatReply> post(ChatRequest request, String body) {
        RequestOptions to = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(address)
                .setTimeout(millis)
                .putHeader("content-type", "application/json")
                .putHeader("accept", "application/json")
                .putHeader("user-agent", "preceptor");
        options.key().sign(to);
        return client.request(to)
                .compose(sent -> exchange(sent, body)
                        .timeout(millis, TimeUnit.MILLISECONDS)
                        .onFailure(cause -> sent.reset()))
                .map(answer -> reply(answer, request))
                .recover(cause -> Future.failedFuture(explained(cause)));
    }

    /** A whole answer. */
    private record Answer(HttpClientResponse head, Buffer body) {}

    private static Future<Answer> exchange(HttpClientRequest request, String body) {
        return request.send(body).compose(head -> bounded(head).map(whole -> new Answer(head, whole)));
    }

    private static Future<Buffer> bounded(HttpClientResponse head) {
        Promise<Buffer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        head.exceptionHandler(whole::tryFail);
        head.endHandler(end -> whole.tryComplete(body));
        head.handler(part -> {
            if (body.length() + (long) part.length() > LONGEST_ANSWER) {
                whole.tryFail(new CallException(
                        CallFailure.MALFORMED, "malformed answer: longer than " + LONGEST_ANSWER + " bytes"));
            } else {
                body.appendBuffer(part);
            }
        });
        return whole.future();
    }

    private ChatReply reply(Answer answer, ChatRequest request) {
        HttpClientResponse head = answer.head();
        int status = head.statusCode();
        if (status == 200) {
            return ReplyParser.reply(answer.body(), request);
        }
        throw new CallException(
                CallFailure.of(status),
                "status " + status + ": " + ReplyParser.problem(answer.body()),
                RetryAfter.of(head.getHeader("retry-after-ms"), head.getHeader("retry-after"), clock.instant()),
                null);
    }

    private CallException explained(Throwable cause) {
        if (cause instanceof CallException known) {
            return new CallException(
                    known.kind(), options.key().hide(String.valueOf(known.getMessage())), known.retryAfter(), null);
        }
        boolean late = cause instanceof TimeoutException;
        String what = late
                ? "no answer within " + millis + " ms"
                : "no connection, or one that broke: " + cause.getClass().getSimpleName() + ": " + cause.getMessage();
        return new CallException(
                late ? CallFailure.TIMEOUT : CallFailure.CONNECTION,
                options.key().hide(what),
                null,
                null);
    }

    @Override
    public void close() {
        client.close();
    }
}
