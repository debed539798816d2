package ai.preceptor.serve;

import ai.preceptor.serve.Admissions.Admission;
import ai.preceptor.serve.request.ApiException;
import ai.preceptor.serve.request.BodyReader.Kind;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Handles a request for an answer: its body is collected, it is admitted, parsed, and answered by the engine. On the
 * event loop.
 */
final class AnswerRoute {
    private static final String JSON = "application/json";

    private final Parts parts;
    private final BodyIntake intake;
    private final Set<TakenRequest> reading = new LinkedHashSet<>();

    /**
     * What requests share.
     *
     * @param options bounds
     * @param engine that answers
     * @param readers threads that read bodies
     * @param admissions that count what was taken
     * @param meters to be told
     * @param chat the form of a chat's answer
     * @param completion the form of a completion
     * @param room for the log-probabilities of answers
     */
    record Parts(
            ServeOptions options,
            EngineThread engine,
            BodyReadExecutor readers,
            Admissions admissions,
            ServeMeters meters,
            ChatFormat chat,
            CompletionFormat completion,
            LogprobRoom room) {}

    AnswerRoute(Parts parts, BodyIntake intake) {
        this.parts = parts;
        this.intake = intake;
    }

    /**
     * A request whose head has come.
     *
     * @throws ApiException if no more are taken, or its head says already that it cannot be answered
     */
    void handle(RoutingContext one, Kind kind) {
        parts.admissions().requireOpen();
        String type = one.request().getHeader("content-type");
        String media = type == null ? "" : type.split(";", 2)[0].strip();
        if (!media.equalsIgnoreCase(JSON)) {
            throw ApiException.request(
                    415, "unsupported_media_type", "content-type: expected " + JSON + ", found \"" + media + "\"");
        }
        intake.collect(one, body -> take(one, kind, body));
    }

    private void take(RoutingContext one, Kind kind, byte[] body) {
        try {
            Admission admission = parts.admissions().admit();
            TakenRequest taken = new TakenRequest(one, kind, admission, parts, reading::remove);
            reading.add(taken);
            taken.begin(body);
        } catch (ApiException e) {
            one.fail(e);
        }
    }

    /** Tells those whose bodies are not whole that it is too late for them. */
    void refuseUntaken() {
        intake.refuseAll(ApiException.shuttingDown());
    }

    /** Ends what was taken and has no answer yet. */
    void cancelAll() {
        List.copyOf(reading).forEach(TakenRequest::shutDown);
        parts.engine().cancelAll();
    }
}
