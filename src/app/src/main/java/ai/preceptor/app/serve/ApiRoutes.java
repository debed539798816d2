package ai.preceptor.app.serve;

import ai.preceptor.app.serve.ReplyFormat.Head;
import ai.preceptor.lm.generate.RequestTooLargeException;
import ai.preceptor.lm.text.TokenBytes;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which path does what. */
final class ApiRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(ApiRoutes.class);
    private static final String JSON = "application/json";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final String MODELS = "/v1/models";
    /** A body must be here after so many milliseconds. */
    private static final long BODY_MILLIS = 30_000;

    private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");
    private static final Pattern FIELD = Pattern.compile("^([a-z_]+): (.*)$", Pattern.DOTALL);

    private final ServeOptions options;
    private final EngineThread engine;
    private final RequestReader reader;
    private final PrometheusMeterRegistry registry;
    private final ServeMeters meters;
    private final int context;
    private final long created = Instant.now().getEpochSecond();
    private final ChatFormat chat;
    private final CompletionFormat completion;
    private volatile boolean draining;

    ApiRoutes(
            ServeOptions options,
            EngineThread engine,
            RequestReader reader,
            TokenBytes tokens,
            PrometheusMeterRegistry registry,
            int context) {
        this.options = options;
        this.engine = engine;
        this.reader = reader;
        this.registry = registry;
        this.meters = new ServeMeters(registry, engine);
        this.context = context;
        this.chat = new ChatFormat(tokens);
        this.completion = new CompletionFormat(tokens);
    }

    /** Takes no more requests for answers. */
    void drain() {
        draining = true;
    }

    Router on(Vertx vertx) {
        Router router = Router.router(vertx);
        router.route().handler(this::guard);
        router.get("/health").handler(this::health);
        router.get("/metrics").handler(this::metrics);
        router.get(MODELS).handler(one -> send(one, 200, models()));
        router.get(MODELS + "/*").handler(this::model);
        BodyHandler body =
                BodyHandler.create(false).setBodyLimit(options.bounds().maxBody());
        for (Map.Entry<String, Boolean> path :
                Map.of("/v1/chat/completions", true, "/v1/completions", false).entrySet()) {
            router.post(path.getKey()).handler(this::admit);
            router.post(path.getKey()).handler(body);
            router.post(path.getKey()).handler(one -> answer(one, path.getValue()));
            router.route(path.getKey()).handler(one -> wrongMethod(one, HttpMethod.POST));
        }
        for (String path : new String[] {"/health", "/metrics", MODELS, MODELS + "/*"}) {
            router.route(path).handler(one -> wrongMethod(one, HttpMethod.GET));
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

    /** Keeps out who may not ask, and counts. */
    private void guard(RoutingContext one) {
        long began = System.nanoTime();
        one.addEndHandler(
                end -> meters.answered(endpoint(one), one.response().getStatusCode(), System.nanoTime() - began));
        HttpServerRequest request = one.request();
        String host = request.authority() == null ? "" : request.authority().host();
        // a web page that has its own name point to this machine is kept out by the name that the browser still sends
        boolean own = OWN_NAMES.contains(host.toLowerCase(Locale.ROOT)) || host.equalsIgnoreCase(options.host());
        if (!options.key().isAsked() && !own) {
            throw ApiException.foreignHost(host);
        }
        if (!"/health".equals(one.normalizedPath()) && !options.key().admits(request.getHeader("authorization"))) {
            one.response().putHeader("www-authenticate", "Bearer");
            throw ApiException.key();
        }
        one.next();
    }

    private static String endpoint(RoutingContext one) {
        return switch (one.normalizedPath()) {
            case "/v1/chat/completions" -> "chat";
            case "/v1/completions" -> "completions";
            case "/health" -> "health";
            case "/metrics" -> "metrics";
            default -> one.normalizedPath().startsWith(MODELS) ? "models" : "other";
        };
    }

    /** Before a body is read: whether there is room for the request at all. */
    private void admit(RoutingContext one) {
        if (draining) {
            one.response().putHeader("connection", "close");
            throw ApiException.unavailable("shutting_down", "the server is shutting down");
        }
        if (meters.running() >= options.capacity()) {
            throw ApiException.queueFull("the queue is full: " + meters.running() + " requests are not answered yet");
        }
        meters.began();
        one.addEndHandler(end -> meters.ended());
        String type = one.request().getHeader("content-type");
        String media = type == null ? "" : type.split(";", 2)[0].strip();
        if (!media.equalsIgnoreCase(JSON)) {
            throw ApiException.request(
                    415, "unsupported_media_type", "content-type: expected " + JSON + ", found \"" + media + "\"");
        }
        long timer = one.vertx()
                .setTimer(
                        BODY_MILLIS,
                        late -> one.fail(
                                ApiException.request(408, "body_timeout", "body: expected all of it within 30 s")));
        one.put("body_timer", timer);
        one.addEndHandler(end -> one.vertx().cancelTimer(timer));
        one.next();
    }

    private void answer(RoutingContext one, boolean chatting) {
        long began = System.nanoTime();
        one.vertx().cancelTimer(one.<Long>get("body_timer"));
        byte[] body =
                one.body().buffer() == null ? new byte[0] : one.body().buffer().getBytes();
        ReplyFormat format = chatting ? chat : completion;
        Head head = new Head(
                format.prefix() + UUID.randomUUID().toString().replace("-", ""),
                Instant.now().getEpochSecond(),
                options.modelName());
        one.vertx()
                .executeBlocking(() -> chatting ? reader.chat(body) : reader.completion(body), false)
                .onSuccess(request -> begin(one, request, format, head, began))
                .onFailure(one::fail);
    }

    private void begin(RoutingContext one, ApiRequest request, ReplyFormat format, Head head, long began) {
        if (one.response().closed()) {
            return;
        }
        try {
            Exchange.Setting setting = new Exchange.Setting(
                    format, head, engine, meters, options.bounds().timeout());
            Exchange exchange = new Exchange(one.vertx().getOrCreateContext(), one.response(), request, setting, began);
            exchange.begin();
            one.addEndHandler(end -> exchange.gone());
        } catch (RuntimeException e) {
            one.fail(e);
        }
    }

    private void health(RoutingContext one) {
        String status = engine.failure() != null ? "failed" : draining ? "draining" : "ok";
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
                .put("max_model_len", context);
    }

    private ObjectNode models() {
        ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
        list.putArray("data").add(described());
        return list;
    }

    private void model(RoutingContext one) {
        String path = one.request().path();
        String name = decoded(path.substring(Math.min(path.length(), MODELS.length() + 1)));
        if (!name.equals(options.modelName())) {
            throw ApiException.noModel(name, options.modelName());
        }
        send(one, 200, described());
    }

    private static String decoded(String name) {
        try {
            return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    private static void wrongMethod(RoutingContext one, HttpMethod right) {
        one.response().putHeader("allow", right.name());
        throw ApiException.request(
                405,
                "method_not_allowed",
                "method: expected " + right + ", found " + one.request().method());
    }

    private void fail(RoutingContext one) {
        if (one.response().ended() || one.response().closed()) {
            return;
        }
        if (one.response().headWritten()) {
            LOG.error("a streamed answer broke off", one.failure());
            one.response().reset();
            return;
        }
        ApiException problem = problem(one.failure(), one.statusCode());
        if (problem.status() == 429) {
            one.response().putHeader("retry-after", "1");
        }
        if (problem.status() == 413 || problem.status() == 408) {
            one.response().putHeader("connection", "close"); // the rest of the body is not read
        }
        send(one, problem.status(), problem.toJson());
    }

    private ApiException problem(@Nullable Throwable failure, int status) {
        if (failure instanceof ApiException known) {
            return known;
        }
        if (failure instanceof RequestTooLargeException) {
            return ApiException.tooLong("max_tokens", String.valueOf(failure.getMessage()));
        }
        if (failure instanceof IllegalArgumentException refused) {
            Matcher named = FIELD.matcher(String.valueOf(refused.getMessage()));
            return named.matches()
                    ? ApiException.field(named.group(1), named.group(2))
                    : ApiException.body(String.valueOf(refused.getMessage()));
        }
        if (status == 413) {
            return ApiException.request(
                    413,
                    "body_too_large",
                    "body: expected at most " + options.bounds().maxBody() + " bytes, found more");
        }
        if (status >= 400 && status < 500) {
            return ApiException.request(status, "bad_request", "the request is not HTTP as this server reads it");
        }
        LOG.error("a request was not answered because of a defect", failure);
        return ApiException.defect();
    }

    private static void send(RoutingContext one, int status, ObjectNode body) {
        one.response().setStatusCode(status).putHeader("content-type", JSON).end(body.toString());
    }
}
