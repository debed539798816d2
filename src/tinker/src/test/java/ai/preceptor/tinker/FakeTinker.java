package ai.preceptor.tinker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A training service on the loopback, as far as SkyRL 0.4.0 goes: sessions, models, numbered requests that are carried out once,
 * results that are asked for until they are there.
 */
public final class FakeTinker implements AutoCloseable {
    /** Its only model. */
    public static final String BASE = "tiny";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** How gradients come from advantages. */
    public enum Kind {
        /** Divided by the weights' sum of a sequence, and by the number of sequences. */
        JAX,
        /** Summed. */
        SUM,
        /** Only sizes of advantages count. */
        UNSIGNED,
        /** Down where up is asked for. */
        REVERSED,
        /** As {@link #SUM}, with a norm that is no number. */
        NOT_FINITE,
        /** As {@link #SUM}, divided by all positions together. */
        POSITIONS_OF_ALL
    }

    /** What a call meets: 0 for an answer, a status, or {@link #CUT}. */
    public interface Trouble {
        /** The connection breaks after the request was carried out. */
        int CUT = -1;

        int status(int number, String path);
    }

    private final Kind kind;
    private final IntFunction<FakeLearner> learners;
    private final Path folder;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, FakeLearner> models = new HashMap<>();
    private final Map<String, List<FakeRequest.Sequence>> pending = new HashMap<>();
    private final Map<String, Integer> ranks = new HashMap<>();
    private final Map<String, String> numbered = new HashMap<>();
    private final List<byte[]> results = new ArrayList<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private volatile Trouble trouble = (number, path) -> 0;
    private volatile UnaryOperator<List<float[]>> lie = measured -> measured;
    private int steps;

    /**
     * @param learners makes a model of a rank
     * @param folder for what is saved
     */
    public FakeTinker(Kind kind, IntFunction<FakeLearner> learners, Path folder) {
        System.setProperty("sun.net.httpserver.nodelay", "true"); // else each answer waits for an acknowledgement
        this.kind = kind;
        this.learners = learners;
        this.folder = folder;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Paths that were called, in order. */
    public List<String> calls() {
        return calls;
    }

    /** Keys that came with calls. */
    List<String> keys() {
        return keys;
    }

    /** Optimizer steps that were made. */
    synchronized int steps() {
        return steps;
    }

    /** Models that are there. */
    public synchronized int models() {
        return models.size();
    }

    void meet(Trouble met) {
        trouble = met;
    }

    void lie(UnaryOperator<List<float[]>> told) {
        lie = told;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().replaceFirst("^/api/v1/", "");
        byte[] body = exchange.getRequestBody().readAllBytes();
        int number;
        synchronized (this) {
            calls.add(path);
            keys.addAll(exchange.getRequestHeaders().getOrDefault("X-API-Key", List.of()));
            number = calls.size();
        }
        int met = trouble.status(number, path);
        if (met > 0) {
            answer(exchange, met, "{\"detail\": \"met " + met + "\"}");
            return;
        }
        try {
            synchronized (this) {
                if (met == Trouble.CUT) {
                    reply(path, body);
                    exchange.close();
                } else if (path.endsWith("/archive")) {
                    exchange.getResponseHeaders().add("location", "/api/v1/" + path.replace("archive", "download"));
                    exchange.sendResponseHeaders(302, -1);
                    exchange.close();
                } else {
                    byte[] reply = reply(path, body);
                    boolean isBinary = reply.length == 0 || reply[0] != '{';
                    exchange.getResponseHeaders()
                            .add("content-type", isBinary ? "application/x-protobuf" : "application/json");
                    exchange.sendResponseHeaders(200, reply.length == 0 ? -1 : reply.length);
                    exchange.getResponseBody().write(reply);
                    exchange.close();
                }
            }
        } catch (RuntimeException | LinkageError refused) {
            answer(
                    exchange,
                    400,
                    JSON.createObjectNode()
                            .put("detail", String.valueOf(refused.getMessage()))
                            .toString());
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private byte[] reply(String path, byte[] body) throws IOException {
        if (path.equals("forward_backward")) {
            return accepted(pass(FakeRequest.read(body)));
        }
        if (path.endsWith("/download")) {
            return archive(models.get(path.split("/")[1]), ranks.get(path.split("/")[1]));
        }
        JsonNode json = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
        String model = json.path("model_id").asText("");
        return switch (path) {
            case "get_server_capabilities" -> bytes("{\"supported_models\":[{\"model_name\":\"" + BASE + "\"}]}");
            case "create_session" -> bytes("{\"session_id\":\"session_1\"}");
            case "session_heartbeat" -> bytes("{\"type\":\"session_heartbeat\"}");
            case "create_model" -> created(json.path("lora_config").path("rank").asInt());
            case "optim_step" -> accepted(step(model, json));
            case "save_weights" -> accepted(saved(model, json.path("path").asText(), "weights"));
            case "save_weights_for_sampler" ->
                accepted(saved(model, json.path("path").asText(), "sampler_weights"));
            case "load_weights" -> accepted(loaded(model, json.path("path").asText()));
            case "unload_model" -> {
                models.remove(model);
                yield accepted(result("{\"status\":\"unloaded\"}"));
            }
            case "retrieve_future" -> results.get(json.path("request_id").asInt() - 1);
            default -> throw new IllegalArgumentException("no such call: " + path);
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String result(String json) {
        return result(bytes(json));
    }

    private String result(byte[] bytes) {
        results.add(bytes);
        return String.valueOf(results.size());
    }

    private static byte[] accepted(String request) {
        return bytes("{\"future_id\":\"" + request + "\",\"status\":\"pending\",\"request_id\":\"" + request + "\"}");
    }

    private byte[] created(int rank) {
        String id = "model_" + (results.size() + 1);
        models.put(id, learners.apply(rank));
        ranks.put(id, rank);
        pending.put(id, new ArrayList<>());
        ObjectNode made = JSON.createObjectNode().put("model_id", id).put("base_model", BASE);
        made.putObject("lora_config").put("rank", rank).put("alpha", 32.0);
        String request = result(made.toString());
        return bytes("{\"model_id\":\"" + id + "\",\"request_id\":\"" + request + "\",\"status\":\"created\"}");
    }

    private FakeLearner learner(String model) {
        FakeLearner learner = models.get(model);
        if (learner == null) {
            throw new IllegalArgumentException("Model " + model + " not loaded");
        }
        return learner;
    }

    private String pass(FakeRequest request) {
        return once(request.model(), request.sequence(), () -> {
            FakeLearner learner = learner(request.model());
            List<float[]> measured = new ArrayList<>();
            for (FakeRequest.Sequence sequence : request.data()) {
                measured.add(learner.logprobs(sequence.tokens(), sequence.targets()));
            }
            if (!request.forwardOnly()) {
                pending.get(request.model()).addAll(request.data());
            }
            return result(FakeReplies.output(lie.apply(measured)));
        });
    }

    private String once(String model, int sequence, Supplier<String> work) {
        String key = model + " " + sequence;
        String done = numbered.get(key);
        if (done == null) {
            done = work.get();
            numbered.put(key, done);
        }
        return done;
    }

    private String step(String model, JsonNode json) {
        return once(model, json.path("seq_id").asInt(), () -> {
            List<FakeRequest.Sequence> data = pending.get(model);
            int positions =
                    data.stream().mapToInt(sequence -> sequence.tokens().length).sum();
            for (FakeRequest.Sequence sequence : data) {
                learner(model)
                        .addGradient(
                                sequence.tokens(),
                                sequence.targets(),
                                derivative(model, sequence, data.size(), positions));
            }
            data.clear();
            double norm = learner(model)
                    .step(json.path("adam_params").path("learning_rate").asDouble());
            steps++;
            ObjectNode metrics = JSON.createObjectNode();
            if (kind == Kind.NOT_FINITE) {
                metrics.putObject("metrics").putNull("skyrl.ai/grad_norm");
            } else {
                metrics.putObject("metrics").put("skyrl.ai/grad_norm", norm);
            }
            return result(metrics.toString());
        });
    }

    /** Of the loss of importance sampling by each log-probability. */
    private float[] derivative(String model, FakeRequest.Sequence sequence, int sequences, int positions) {
        float[] now = learner(model).logprobs(sequence.tokens(), sequence.targets());
        double[] before = sequence.input("logprobs");
        double[] advantages = sequence.input("advantages");
        double weights = Arrays.stream(sequence.input("weights")).sum();
        double divisor = switch (kind) {
            case JAX -> weights * sequences;
            case POSITIONS_OF_ALL -> positions;
            case REVERSED -> -1;
            default -> 1;
        };
        float[] derivative = new float[now.length];
        for (int i = 0; i < now.length; i++) {
            double advantage = kind == Kind.UNSIGNED ? Math.abs(advantages[i]) : advantages[i];
            derivative[i] = (float) (-Math.exp(now[i] - before[i]) * advantage / divisor);
        }
        return derivative;
    }

    private String saved(String model, String name, String what) {
        try {
            learner(model).save(Files.createDirectory(folder.resolve(model + "-" + name)));
        } catch (IOException e) {
            throw new IllegalArgumentException("Checkpoint '" + name + "' already exists", e);
        }
        return result("{\"path\":\"tinker://" + model + "/" + what + "/" + name + "\"}");
    }

    private String loaded(String model, String path) {
        if (!path.matches("tinker://[^/]+/weights/[^/]+")) {
            throw new IllegalArgumentException("no such path: " + path);
        }
        String[] parts = path.substring("tinker://".length()).split("/");
        learner(model).load(folder.resolve(parts[0] + "-" + parts[2]));
        return result("{\"type\":\"load_weights\"}");
    }

    private byte[] archive(FakeLearner learner, int rank) throws IOException {
        Path directory = Files.createTempDirectory(folder, "export");
        learner.export(directory);
        String config = "{\"peft_type\":\"LORA\",\"r\":" + rank + ",\"lora_alpha\":32.0,\"target_modules\":null}";
        return FakeReplies.tar(Map.of(
                "/", new byte[0],
                "adapter_config.json", bytes(config),
                "adapter_model.safetensors", Files.readAllBytes(directory.resolve("adapter_model.safetensors"))));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
