package ai.preceptor.serve;

import ai.preceptor.data.IllegalValueException;
import ai.preceptor.data.Problem;
import ai.preceptor.lm.engine.RequestTooLargeException;
import ai.preceptor.serve.request.ApiException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends an error response to a client. On the event loop. */
final class ErrorReply {
    /** How long the rest of a refused body is read and discarded before the connection is closed. */
    private static final long LINGER_MILLIS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(ErrorReply.class);

    private ErrorReply() {}

    /** What a failure to read or to begin a request is to its client; what is no refusal is logged as a defect. */
    static ApiException problem(Throwable failure) {
        if (failure instanceof ApiException known) {
            return known;
        }
        if (failure instanceof RequestTooLargeException) {
            return ApiException.tooLong("max_tokens", String.valueOf(failure.getMessage()));
        }
        if (failure instanceof IllegalValueException refused) {
            Problem problem = refused.problem();
            return ApiException.field(problem.key(), problem.message());
        }
        if (failure instanceof IllegalArgumentException refused) {
            return ApiException.body(String.valueOf(refused.getMessage()));
        }
        LOG.error("a request was not answered because of a defect", failure);
        return ApiException.internal("internal_error", "the server had an internal error; its log has the cause");
    }

    /**
     * Sends it. Where the body is not all there, the connection is closed afterwards, but not immediately: closing it
     * while
     * bytes come resets it, and the client may then never read why.
     *
     * @return when it is written
     */
    static Future<Void> send(Vertx vertx, HttpServerRequest request, ApiException problem) {
        HttpServerResponse response = request.response();
        boolean unread = !request.isEnded() && hasBody(request);
        response.setStatusCode(problem.status()).putHeader("content-type", "application/json");
        switch (problem.status()) {
            case 401 -> response.putHeader("www-authenticate", "Bearer");
            case 429 -> response.putHeader("retry-after", "1");
            default -> {}
        }
        if (unread) {
            response.putHeader("connection", "close");
            request.handler(rest -> {});
            long timer =
                    vertx.setTimer(LINGER_MILLIS, late -> request.connection().close());
            request.endHandler(end -> {
                vertx.cancelTimer(timer);
                request.connection().close();
            });
            request.exceptionHandler(closed -> vertx.cancelTimer(timer));
        }
        return response.end(problem.toJson().toString());
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader("content-length");
        return request.headers().contains("transfer-encoding") || (length != null && !length.equals("0"));
    }
}
