package ai.preceptor;

import ai.preceptor.data.Completion;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.engine.Generator;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.run.LoadedModel;
import ai.preceptor.testkit.Golden;
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
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** A server on the loopback that answers as vLLM does, with the golden {@code tiny-chat}. It can be killed and started again. */
final class StudentServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAME = "student";

    private final Preceptor preceptor = Preceptor.open("cpu", 1);
    private final Student student;
    private final LoadedModel model;
    private final Path original;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Map<String, Path> adapters = new HashMap<>();
    private Path inUse;
    private Path base;
    private int starts;
    private int pushes;
    private HttpServer server;

    /**
     * @param loading as the learner's, so that it can read the learner's weights
     * @param original where the weights that it starts with are kept
     */
    StudentServer(LoadOptions loading, Path original) {
        student = preceptor.student(Golden.dir("tiny-chat"), loading);
        model = student.loaded();
        this.original = original;
        model.model().saveToSample(original);
        base = original;
        inUse = original;
        server = listen(0);
    }

    private HttpServer listen(int port) {
        try {
            HttpServer made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 64);
            made.setExecutor(thread);
            made.createContext("/", this::handle);
            made.start();
            starts++;
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /** Does not answer any more. */
    void leave() {
        server.stop(0);
    }

    /** Everything that was pushed is lost. */
    void restart() {
        int port = server.getAddress().getPort();
        leave();
        thread.submit(() -> {
            adapters.clear();
            base = original;
        });
        server = listen(port);
    }

    /** How often weights were pushed. */
    int pushes() {
        return pushes;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
            ObjectNode reply = JSON.createObjectNode();
            int status = route(exchange.getRequestURI().getPath(), body, reply);
            byte[] bytes = reply.toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private int route(String path, JsonNode body, ObjectNode reply) {
        switch (path) {
            case "/version" -> reply.put("version", "test");
            case "/v1/models" -> {
                reply.putArray("data").addObject().put("id", NAME).putNull("parent");
                adapters.keySet()
                        .forEach(one -> reply.withArray("data")
                                .addObject()
                                .put("id", one)
                                .put("parent", NAME));
            }
            case "/server_info" -> reply.putObject("vllm_config").put("instance_id", String.valueOf(starts));
            case "/v1/load_lora_adapter" -> {
                adapters.put(
                        body.path("lora_name").asText(),
                        Path.of(body.path("lora_path").asText()));
                pushes++;
            }
            case "/v1/unload_lora_adapter" ->
                adapters.remove(body.path("lora_name").asText());
            case "/collective_rpc" -> {
                base = Path.of(body.path("kwargs").path("weights_path").asText());
                model.model().restore(base);
                inUse = base;
                pushes++;
            }
            case "/reset_prefix_cache" -> {}
            case "/v1/completions" -> {
                return complete(body, reply);
            }
            default -> {
                return 404;
            }
        }
        return 200;
    }

    private int complete(JsonNode body, ObjectNode reply) {
        String name = body.path("model").asText();
        Path weights = name.equals(NAME) ? base : adapters.get(name);
        if (weights == null) {
            return 404;
        }
        if (!weights.equals(inUse)) {
            model.model().restore(weights);
            inUse = weights;
        }
        model.torch().bindThread();
        int[] ids = IntStream.range(0, body.path("prompt").size())
                .map(i -> body.path("prompt").get(i).intValue())
                .toArray();
        ObjectNode choice = reply.put("model", name).putArray("choices").addObject();
        if (body.has("prompt_logprobs")) {
            score(ids, choice);
        } else {
            sample(ids, body, choice);
        }
        return 200;
    }

    private void score(int[] ids, ObjectNode choice) {
        PackedBatch.Builder batch = PackedBatch.builder();
        batch.prompt(new int[] {ids[0]});
        batch.completion(IntStream.of(ids).skip(1).toArray());
        float[] logprobs = model.model().logprobs(batch.build());
        ArrayNode places = choice.putArray("prompt_logprobs").addNull();
        for (int i = 1; i < ids.length; i++) {
            places.addObject().putObject(String.valueOf(ids[i])).put("logprob", logprobs[i - 1]);
        }
    }

    private void sample(int[] ids, JsonNode body, ObjectNode choice) {
        SamplingOptions options = SamplingOptions.atTemperature(
                body.path("temperature").asDouble(),
                body.path("max_tokens").asInt(),
                body.path("seed").asLong());
        Completion drawn = new Generator(model.model(), model.tokenizer())
                .generate(List.of(new GenerationRequest(ids, 1, options)))
                .get(0)
                .get(0);
        ArrayNode tokens = choice.putArray("token_ids");
        ArrayNode logprobs = choice.putObject("logprobs").putArray("token_logprobs");
        for (int t = 0; t < drawn.length(); t++) {
            tokens.add(drawn.tokenIds()[t]);
            logprobs.add(drawn.logprobs()[t]);
        }
        choice.put("finish_reason", drawn.finishReason().name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void close() {
        server.stop(0);
        thread.shutdownNow();
        student.close();
        preceptor.close();
    }
}
