package ai.preceptor.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replies in JSON. */
public final class Replies {
    private static final Logger LOG = LoggerFactory.getLogger(Replies.class);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();
    private static final String TYPE = "application/json";

    private Replies() {}

    /** Text of a value. */
    public static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("expected what JSON can say, found " + value.getClass(), e);
        }
    }

    /** Sends a problem as {@code {"error": ...}}. */
    public static void error(RoutingContext one, int status, String problem) {
        one.response().setStatusCode(status).putHeader("content-type", TYPE).end(text(Map.of("error", problem)));
    }

    /** Finds the answer to a request. */
    @FunctionalInterface
    public interface Answer {
        /** Empty for "there is no such run"; a {@link BadRequestException} is told to the client. */
        Optional<?> to(Parameters parameters) throws Exception;
    }

    /**
     * Has a worker find the answer and write it as JSON, and sends it.
     *
     * @throws BadRequestException if the request's parameters cannot be read
     */
    public static void send(RoutingContext one, WorkerExecutor workers, Answer answer) {
        Parameters parameters = Parameters.of(one);
        workers.executeBlocking(() -> answer.to(parameters).map(value -> Buffer.buffer(text(value))), false)
                .onSuccess(found -> found.ifPresentOrElse(
                        body -> one.response().putHeader("content-type", TYPE).end(body),
                        () -> error(one, 404, "there is no such run")))
                .onFailure(failure -> {
                    if (failure instanceof BadRequestException bad) {
                        error(one, 400, String.valueOf(bad.getMessage()));
                    } else {
                        LOG.warn("{} could not be answered", one.request().path(), failure);
                        error(one, 500, "its files cannot be read: " + failure.getMessage());
                    }
                });
    }
}
