package ai.preceptor.tinker;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.tinker.ServiceCalls.Call;
import ai.preceptor.tinker.ServiceCalls.Reply;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session with a training service: it lives for as long as it is heard of, by a thread of its own. Requests are answered with a
 * number; {@link #result} waits for what becomes of them. For one thread beside that of the heartbeat.
 */
public final class TinkerService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TinkerService.class);

    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofSeconds(60);
    private static final long SMALL = 1 << 20;

    /** What may stand in an address. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.:-]{0,254}");

    /** The release of Tinker's SDK whose messages are sent. */
    private static final String SDK = "0.25.0";

    private final TinkerSettings settings;
    private final ServiceCalls calls;
    private final String session;
    private final String baseModel;
    private final AtomicInteger models = new AtomicInteger();
    private final ScheduledExecutorService heart;
    private final ScheduledFuture<?> beats;

    private TinkerService(
            TinkerSettings settings, ServiceCalls calls, String session, String baseModel, Duration heartbeat) {
        this.settings = settings;
        this.calls = calls;
        this.session = session;
        this.baseModel = baseModel;
        this.heart = Executors.newSingleThreadScheduledExecutor(TinkerService::daemon);
        this.beats = heart.scheduleWithFixedDelay(
                this::beat, heartbeat.toMillis(), heartbeat.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "tinker-heartbeat");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Begins a session.
     *
     * @param stopped whether the run was asked to stop, which ends the wait for a service that is not reached
     * @throws ConfigurationException if the service does not have the model
     * @throws TeacherException if it is not reached, or is none
     */
    public static TinkerService open(TinkerSettings settings, BooleanSupplier stopped) {
        return open(settings, stopped, HEARTBEAT);
    }

    static TinkerService open(TinkerSettings settings, BooleanSupplier stopped, Duration heartbeat) {
        ServiceCalls calls = new ServiceCalls(settings.root(), settings.key(), settings.outage(), stopped);
        JsonNode models = calls.answered(new Call("get_server_capabilities", "", null, SMALL, SHORT, true, false))
                .json()
                .path("supported_models");
        String base = baseModel(settings, calls, models);
        ObjectNode body = object();
        body.putArray("tags");
        body.put("sdk_version", SDK).put("type", "create_session");
        String session = text(calls, send(calls, "create_session", body, true), "session_id", ID);
        return new TinkerService(settings, calls, session, base, heartbeat);
    }

    private static String baseModel(TinkerSettings settings, ServiceCalls calls, JsonNode models) {
        List<String> names = new ArrayList<>();
        models.forEach(model -> names.add(model.path("model_name").asText("")));
        names.removeIf(String::isEmpty);
        if (names.isEmpty()) {
            throw new ConfigurationException("learner_url: expected a service with the Tinker API, whose"
                    + " get_server_capabilities lists models; " + calls.name() + " lists none");
        }
        String wanted = settings.learnerBaseModel();
        String shown = calls.shown(String.join(", ", names));
        if (wanted == null && names.size() > 1) {
            throw new ConfigurationException(
                    "learner_base_model: required, because " + calls.name() + " has several models: " + shown);
        }
        if (wanted != null && !names.contains(wanted)) {
            throw new ConfigurationException(
                    "learner_base_model: expected one of " + shown + " of " + calls.name() + ", found " + wanted);
        }
        return wanted == null ? names.get(0) : wanted;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The service's name of the model that it trains. */
    public String baseModel() {
        return baseModel;
    }

    /** What errors call it. */
    String name() {
        return calls.name();
    }

    private void beat() {
        try {
            attempt("session_heartbeat", session().put("type", "session_heartbeat"));
        } catch (RuntimeException e) { // the next request tells what it means
            LOG.debug("heartbeat: {}", e.getMessage());
        }
    }

    private ObjectNode session() {
        return object().put("session_id", session);
    }

    /**
     * Makes a new model: the base with an adapter that changes nothing yet.
     *
     * @param rank of the adapter
     * @param seed of its initial numbers
     * @throws TeacherException if the service cannot, as when the rank is above its limit
     */
    RemoteModel model(int rank, long seed) {
        ObjectNode body = session().put("model_seq_id", models.incrementAndGet());
        body.put("base_model", baseModel).put("type", "create_model");
        body.putObject("lora_config")
                .put("rank", rank)
                .put("seed", (int) (seed & Integer.MAX_VALUE))
                .put("train_attn", true)
                .put("train_mlp", true)
                .put("train_unembed", false);
        JsonNode created = send("create_model", body, false);
        String model = text(calls, created, "model_id", ID);
        JsonNode made = result("create_model", id(created), SMALL).json();
        JsonNode lora = made.path("lora_config");
        if (lora.has("rank") && lora.path("rank").asInt() != rank) {
            throw wrong("create_model", "rank " + lora.path("rank").asText(), "rank " + rank);
        }
        if (lora.has("alpha") && lora.path("alpha").asDouble() != RemoteModel.ALPHA) {
            throw wrong("create_model", "alpha " + lora.path("alpha").asText(), "alpha " + RemoteModel.ALPHA);
        }
        return new RemoteModel(this, model, rank);
    }

    /** Sends a request once; an outage is not waited for. */
    void attempt(String path, ObjectNode body) {
        calls.attempt(call(path, body, false));
    }

    /** Sends a request in JSON; its reply is small. */
    JsonNode send(String path, ObjectNode body, boolean isRepeatable) {
        return send(calls, path, body, isRepeatable);
    }

    private static JsonNode send(ServiceCalls calls, String path, ObjectNode body, boolean isRepeatable) {
        return calls.answered(call(path, body, isRepeatable)).json();
    }

    private static Call call(String path, ObjectNode body, boolean isRepeatable) {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        return new Call(path, ServiceCalls.JSON_TYPE, bytes, SMALL, SHORT, isRepeatable, false);
    }

    /** Sends a request in Protocol Buffers, which has a number of its own and may be sent again. */
    JsonNode send(String path, byte[] body) {
        return calls.answered(
                        new Call(path, ServiceCalls.PROTOBUF_TYPE, body, SMALL, SHORT.multipliedBy(5), true, false))
                .json();
    }

    /** The number of a request that was sent. */
    String id(JsonNode reply) {
        return text(calls, reply, "request_id", ID);
    }

    /**
     * What became of a request.
     *
     * @param what the request's path
     * @param request its number
     * @param limit most bytes of the result
     * @throws TeacherException if it failed, or takes longer than a result may
     */
    Reply result(String what, String request, long limit) {
        byte[] body = object().put("request_id", request).toString().getBytes(StandardCharsets.UTF_8);
        long began = System.nanoTime();
        while (true) {
            long left = settings.timeout().toNanos() - (System.nanoTime() - began);
            if (left <= 0) {
                throw new TeacherException(name() + ": no result of " + what + " within " + settings.learnerTimeout()
                        + " s (learner_timeout)");
            }
            Duration wait = Duration.ofNanos(Math.min(left, SHORT.toNanos()));
            Reply reply =
                    calls.answered(new Call("retrieve_future", ServiceCalls.JSON_TYPE, body, limit, wait, true, true));
            JsonNode json = reply.isProtobuf() ? object() : reply.json();
            if (json.has("error")) {
                throw new TeacherException(name() + ": " + what + " failed: "
                        + shown(json.path("error").asText("")));
            }
            if (reply.status() != ServiceCalls.NOT_YET
                    && !"try_again".equals(json.path("type").asText())) {
                return reply;
            }
        }
    }

    /** Fetches a file once. */
    void fetch(String path, OutputStream sink, long limit) throws IOException {
        calls.fetch(path, sink, limit, settings.timeout());
    }

    /** A text of the service as errors quote it. */
    String shown(String text) {
        return calls.shown(text);
    }

    /** A text of a reply. */
    String text(JsonNode reply, String field, Pattern legal) {
        return text(calls, reply, field, legal);
    }

    private static String text(ServiceCalls calls, JsonNode reply, String field, Pattern legal) {
        String text = reply.path(field).asText("");
        if (!legal.matcher(text).matches()) {
            throw new TeacherException(
                    calls.name() + ": expected a reply with " + field + ", found " + calls.shown(reply.toString()));
        }
        return text;
    }

    /** A reply that is not what it should be. */
    TeacherException wrong(String what, @Nullable String found, String expected) {
        return new TeacherException(name() + ": result of " + what + ": expected " + expected + ", found " + found);
    }

    /** Ends the heartbeat; the service ends the session, and unloads its models, some time later. */
    @Override
    public void close() {
        beats.cancel(true);
        heart.shutdownNow();
    }
}
