package ai.preceptor.vllm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * A server on the loopback that looks like vLLM. Its model is a number: token t of an answer is a hash of the seed, the number
 * and t. It can be stopped, and started again on its port with what it was started with.
 */
public final class FakeVllm implements AutoCloseable {
    public static final int VOCABULARY = 50;
    public static final int STOP = 0;
    /** What servers and the student begin with. */
    public static final int STARTED = 7;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicInteger STARTS = new AtomicInteger();

    private final String name;
    private final int longest;
    private final Map<String, Integer> adapters = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<JsonNode> answered = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private ExecutorService threads;
    private volatile int base = STARTED;
    private volatile String process = "";
    private volatile Trouble trouble = (number, path) -> 0;
    private volatile UnaryOperator<ObjectNode> lie = body -> body;
    private volatile boolean processed;
    private final AtomicInteger numbers = new AtomicInteger();
    private final int port;

    /** What a call meets: 0 for an answer, a status, {@link #CUT} or {@link #SLOW}. */
    public interface Trouble {
        int CUT = -1;
        int SLOW = -2;

        int status(int number, String path);

        /** By what is asked, too. */
        default int status(int number, String path, JsonNode body) {
            return status(number, path);
        }
    }

    /** Starts one. */
    public static FakeVllm start(String model) {
        return new FakeVllm(model, 1000);
    }

    FakeVllm(String name, int longest) {
        this.name = name;
        this.longest = longest;
        this.server = listen(0);
        this.port = server.getAddress().getPort();
    }

    private HttpServer listen(int at) {
        try {
            HttpServer made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 64);
            threads = Executors.newCachedThreadPool();
            made.setExecutor(threads);
            made.createContext("/", this::handle);
            process = String.valueOf(STARTS.incrementAndGet());
            made.start();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + port + "/v1";
    }

    /** As a kill: connections break, and everything that was pushed is lost. */
    public void stop() {
        server.stop(0);
        threads.shutdownNow();
        adapters.clear();
        base = STARTED;
    }

    /** As a restart so quick that no connection breaks. */
    void forget() {
        adapters.clear();
        base = STARTED;
        process = String.valueOf(STARTS.incrementAndGet());
    }

    /** After a {@link #stop}. */
    public void startAgain() {
        server = listen(port);
    }

    void meets(Trouble other) {
        trouble = other;
    }

    /** Changes the replies of completions. */
    public void lies(UnaryOperator<ObjectNode> other) {
        lie = other;
    }

    /** As with {@code --logprobs-mode processed_logprobs}. */
    void tellsProcessed() {
        processed = true;
    }

    /** The weights under a name; -1 if it does not know it. */
    int weights(String model) {
        return model.equals(name) ? base : adapters.getOrDefault(model, -1);
    }

    /** Names of adapters that are loaded. */
    Set<String> adapters() {
        return Set.copyOf(adapters.keySet());
    }

    /** Paths of calls so far. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    /** Requests for completions so far. */
    public List<JsonNode> completions() {
        return List.copyOf(answered);
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
            calls.add(path);
            int status = trouble.status(numbers.getAndIncrement(), path, body);
            if (status == Trouble.CUT) {
                return; // without an answer the connection is closed
            }
            if (status == Trouble.SLOW) {
                TimeUnit.SECONDS.sleep(30);
                return;
            }
            if (status > 0) {
                reply(exchange, status, error("in trouble"));
                return;
            }
            route(exchange, path, body);
        } catch (IOException | InterruptedException e) {
            // the other side, or the server, is gone: what a test wants
            Thread.currentThread().interrupt();
        }
    }

    private void route(HttpExchange exchange, String path, JsonNode body) throws IOException {
        switch (path) {
            case "/version" -> reply(exchange, 200, JSON.createObjectNode().put("version", "fake"));
            case "/v1/models" -> reply(exchange, 200, models());
            case "/server_info" -> {
                ObjectNode info = JSON.createObjectNode();
                info.putObject("vllm_config").put("instance_id", process);
                reply(exchange, 200, info);
            }
            case "/v1/load_lora_adapter" -> {
                Path weights = Path.of(body.path("lora_path").asText());
                if (adapters.containsKey(body.path("lora_name").asText())
                        && !body.path("load_inplace").asBoolean()) {
                    reply(exchange, 400, error("already loaded"));
                } else {
                    adapters.put(body.path("lora_name").asText(), number(weights));
                    reply(exchange, 200, JSON.createObjectNode());
                }
            }
            case "/v1/unload_lora_adapter" -> {
                boolean known = adapters.remove(body.path("lora_name").asText()) != null;
                reply(exchange, known ? 200 : 404, known ? JSON.createObjectNode() : error("unknown adapter"));
            }
            case "/collective_rpc" -> {
                base = number(Path.of(body.path("kwargs").path("weights_path").asText()));
                reply(exchange, 200, JSON.createObjectNode());
            }
            case "/reset_prefix_cache" -> reply(exchange, 200, JSON.createObjectNode());
            case "/v1/completions" -> complete(exchange, body);
            default -> reply(exchange, 404, error("no such path"));
        }
    }

    static int number(Path weights) {
        try {
            return Integer.parseInt(Files.readString(weights.resolve("weights")).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ObjectNode models() {
        ObjectNode all = JSON.createObjectNode();
        ArrayNode data = all.putArray("data");
        data.addObject().put("id", name).put("max_model_len", longest).putNull("parent");
        adapters.keySet().forEach(one -> data.addObject().put("id", one).put("parent", name));
        return all;
    }

    private void complete(HttpExchange exchange, JsonNode body) throws IOException {
        String model = body.path("model").asText();
        int weights = weights(model);
        if (weights < 0) {
            reply(exchange, 404, error("The model `" + model + "` does not exist."));
            return;
        }
        answered.add(body);
        ObjectNode reply = JSON.createObjectNode().put("model", model);
        ObjectNode choice = reply.putArray("choices").addObject();
        if (body.has("prompt_logprobs")) {
            ArrayNode places = choice.putArray("prompt_logprobs").addNull();
            for (int i = 1; i < body.path("prompt").size(); i++) {
                places.addObject()
                        .putObject(body.path("prompt").get(i).asText())
                        .put(
                                "logprob",
                                logprob(weights, body.path("prompt").get(i).asInt(), 1));
            }
        } else {
            answer(body, weights, choice);
        }
        reply(exchange, 200, lie.apply(reply));
    }

    private void answer(JsonNode body, int weights, ObjectNode choice) {
        double temperature = processed ? body.path("temperature").asDouble() : 1;
        ArrayNode ids = choice.putArray("token_ids");
        ArrayNode logprobs = choice.putObject("logprobs").putArray("token_logprobs");
        choice.set("prompt_token_ids", body.path("prompt"));
        String finish = "length";
        boolean stops = body.path("stop_token_ids").path(0).asInt(-1) == STOP;
        for (int t = 0; t < body.path("max_tokens").asInt(); t++) {
            int id = token(body.path("seed").asLong(), weights, t);
            ids.add(id);
            logprobs.add(logprob(weights, id, temperature));
            if (stops && id == STOP) {
                finish = "stop";
                break;
            }
        }
        choice.put("finish_reason", finish);
    }

    static int token(long seed, int weights, int t) {
        return Math.floorMod(Long.hashCode((seed ^ weights * 31L + t) * 0x9E3779B97F4A7C15L), VOCABULARY);
    }

    static double logprob(int weights, int id, double temperature) {
        return (-0.01 * id - 0.001 * weights - 0.5) / temperature;
    }

    private static ObjectNode error(String message) {
        ObjectNode error = JSON.createObjectNode();
        error.putObject("error").put("message", message);
        return error;
    }

    private static void reply(HttpExchange exchange, int status, ObjectNode body) throws IOException {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("content-type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
