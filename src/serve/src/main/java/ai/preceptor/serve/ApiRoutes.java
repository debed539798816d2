package ai.preceptor.serve;

import ai.preceptor.lm.text.TokenBytes;
import ai.preceptor.serve.request.ApiException;
import ai.preceptor.serve.request.BodyReader.Kind;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Maps paths to handlers. */
final class ApiRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(ApiRoutes.class);
    private static final String JSON = "application/json";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final String MODELS = "/v1/models";
    private static final String CHAT = "/v1/chat/completions";
    private static final String COMPLETIONS = "/v1/completions";
    /** Of all answers that are not complete, about 40 bytes each. */
    private static final long MOST_LOGPROBS = 1 << 22;

    private static final Map<String, Kind> ANSWERS = Map.of(CHAT, Kind.CHAT, COMPLETIONS, Kind.COMPLETION);

    private final ServeOptions options;
    private final EngineThread engine;
    private final PrometheusMeterRegistry registry;
    private final ServeMeters meters;
    private final Admissions admissions;
    private final RequestGuard guard;
    private final AnswerRoute answers;
    private final int context;
    private final long created = Instant.now().getEpochSecond();

    ApiRoutes(
            ServeOptions options,
            EngineThread engine,
            BodyReadExecutor readers,
            TokenBytes tokens,
            PrometheusMeterRegistry registry,
            int context) {
        this.options = options;
        this.engine = engine;
        this.registry = registry;
        this.admissions = new Admissions(options.capacity());
        BodyIntake intake = new BodyIntake(options.requests());
        this.meters = new ServeMeters(registry, engine, admissions, intake);
        this.context = context;
        this.guard = new RequestGuard(options);
        this.answers = new AnswerRoute(
                new AnswerRoute.Parts(
                        options,
                        engine,
                        readers,
                        admissions,
                        meters,
                        new ChatFormat(tokens),
                        new CompletionFormat(tokens),
                        new LogprobRoom("logprobs", MOST_LOGPROBS)),
                intake);
    }

    /** Counts what was taken. */
    Admissions admissions() {
        return admissions;
    }

    /** For requests of which not all has come; and what was taken. On the event loop. */
    AnswerRoute answers() {
        return answers;
    }

    /** Handles requests, and those that are not HTTP. */
    HttpServer on(HttpServer server, Vertx vertx) {
        Router router = router(vertx);
        return server.requestHandler(request -> {
                    try {
                        guard.check(request);
                    } catch (ApiException e) {
                        refuse(vertx, request, e);
                        return;
                    }
                    router.handle(request);
                })
                .invalidRequestHandler(request -> {
                    refuse(vertx, request, malformed(request.decoderResult().cause()));
                    request.connection().close();
                });
    }

    private void refuse(Vertx vertx, HttpServerRequest request, ApiException problem) {
        long began = System.nanoTime();
        ErrorReply.send(vertx, request, problem);
        meters.answered("other", problem.status(), System.nanoTime() - began);
    }

    private static ApiException malformed(@Nullable Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return ApiException.request(414, "target_too_long", "path: expected at most 4096 bytes, found more");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return ApiException.request(431, "headers_too_long", "headers: expected at most 8192 bytes, found more");
        }
        return ApiException.request(400, "bad_request", "the request is not HTTP as this server reads it: " + cause);
    }

    private Router router(Vertx vertx) {
        Router router = Router.router(vertx);
        router.route().handler(this::count);
        router.route().handler(guard::requireKey);
        shown(router, "/health", this::health);
        shown(router, "/metrics", this::metrics);
        shown(router, MODELS, one -> send(one, 200, models()));
        shown(router, MODELS + "/*", this::model);
        for (Map.Entry<String, Kind> path : ANSWERS.entrySet()) {
            router.post(path.getKey()).handler(one -> answers.handle(one, path.getValue()));
            router.route(path.getKey()).handler(one -> wrongMethod(one, "POST", "POST"));
        }
        router.route().handler(one -> {
            throw ApiException.request(
                    404,
                    "not_found",
                    "path: expected /v1/chat/completions, /v1/completions, /v1/models, /metrics or /health, found "
                            + one.request().path());
        });
        router.route().failureHandler(this::fail);
        return router;
    }

    private static void shown(Router router, String path, Handler<RoutingContext> handler) {
        router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(handler);
        router.route(path).handler(one -> wrongMethod(one, "GET", "GET, HEAD"));
    }

    private void count(RoutingContext one) {
        long began = System.nanoTime();
        String endpoint = endpoint(one.normalizedPath());
        one.addEndHandler(end -> {
            if (one.response().ended()) { // else its client has left
                meters.answered(endpoint, one.response().getStatusCode(), System.nanoTime() - began);
            }
        });
        one.next();
    }

    /** The router takes a path with a slash at its end too. */
    private static String endpoint(String path) {
        return switch (path.replaceFirst("/$", "")) {
            case CHAT -> "chat";
            case COMPLETIONS -> "completions";
            case "/health" -> "health";
            case "/metrics" -> "metrics";
            default -> path.startsWith(MODELS) ? "models" : "other";
        };
    }

    private void health(RoutingContext one) {
        String status = engine.failure() != null ? "failed" : admissions.isClosed() ? "draining" : "ok";
        send(
                one,
                status.equals("ok") ? 200 : 503,
                JsonNodeFactory.instance.objectNode().put("status", status));
    }

    private void metrics(RoutingContext one) {
        one.response().putHeader("content-type", PROMETHEUS).end(registry.scrape(PROMETHEUS));
    }

    private ObjectNode described() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", options.modelName())
                .put("object", "model")
                .put("created", created)
                .put("owned_by", "preceptor")
                .put("max_model_len", context)
                .put("rollout_dtype", options.limits().decode().value());
    }

    private ObjectNode models() {
        ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
        list.putArray("data").add(described());
        return list;
    }

    private void model(RoutingContext one) {
        String path = one.request().path();
        String name = RequestGuard.decode(path.substring(Math.min(path.length(), MODELS.length() + 1)));
        if (!name.equals(options.modelName())) {
            throw ApiException.noModel(name, options.modelName());
        }
        send(one, 200, described());
    }

    private static void wrongMethod(RoutingContext one, String expected, String allowed) {
        one.response().putHeader("allow", allowed);
        throw ApiException.request(
                405,
                "method_not_allowed",
                "method: expected " + expected + ", found " + one.request().method());
    }

    private void fail(RoutingContext one) {
        if (one.response().ended() || one.response().closed()) {
            return;
        }
        if (one.response().headWritten()) {
            LOG.error("a streamed answer was interrupted", one.failure());
            one.response().reset();
            return;
        }
        ErrorReply.send(one.vertx(), one.request(), problem(one));
    }

    private static ApiException problem(RoutingContext one) {
        Throwable failure = one.failure();
        if (failure instanceof ApiException known) {
            return known;
        }
        if (one.statusCode() >= 400 && one.statusCode() < 500) { // by the router itself
            return ApiException.request(
                    one.statusCode(), "bad_request", "the request is not HTTP as this server reads it");
        }
        return ErrorReply.problem(failure == null ? new IllegalStateException("no reason is given") : failure);
    }

    private static void send(RoutingContext one, int status, ObjectNode body) {
        one.response().setStatusCode(status).putHeader("content-type", JSON).end(body.toString());
    }
}
