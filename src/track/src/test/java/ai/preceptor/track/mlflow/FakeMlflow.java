package ai.preceptor.track.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;

/**
 * The part of MLflow's REST API that is called, after the answers of mlflow 3.17.2. A metric's value is kept once for its name, step,
 * timestamp and value, as in MLflow's database.
 */
final class FakeMlflow implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    final List<String> calls = new ArrayList<>();
    final Queue<Integer> failures = new ArrayDeque<>();
    final Set<String> experiments = new LinkedHashSet<>();
    final Map<String, Run> runs = new LinkedHashMap<>();
    String wantedAuthorization = "";
    String failureBody = "<html>";
    boolean losesAnswers;
    boolean stallsInBodies;

    static final class Run {
        String status = "RUNNING";
        String tag = "";
        final Map<String, String> parameters = new TreeMap<>();
        final Set<List<Object>> metrics = new LinkedHashSet<>();
    }

    FakeMlflow() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    Map<String, String> environment() {
        return Map.of("MLFLOW_TRACKING_URI", "http://127.0.0.1:" + port() + "/");
    }

    int port() {
        return server.getAddress().getPort();
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().replace("/api/2.0/mlflow/", "");
        calls.add(path);
        JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
        if (stallsInBodies) {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            return; // the rest never comes
        }
        String authorization = Optional.ofNullable(exchange.getRequestHeaders().getFirst("authorization"))
                .orElse("");
        if (!authorization.equals(wantedAuthorization)) {
            send(exchange, 401, authorization);
        } else if (!failures.isEmpty()) {
            send(exchange, failures.remove(), failureBody);
        } else {
            JsonNode reply = reply(path, body, exchange.getRequestURI().getQuery());
            boolean lost = losesAnswers && path.equals("runs/create");
            losesAnswers = losesAnswers && !lost;
            send(exchange, lost ? 502 : reply.has("error_code") ? 404 : 200, reply.toString());
        }
    }

    private JsonNode reply(String path, JsonNode body, String query) {
        ObjectNode reply = JSON.createObjectNode();
        switch (path) {
            case "experiments/get-by-name" -> {
                String name = query.replace("experiment_name=", "");
                if (experiments.contains(name)) {
                    reply.putObject("experiment").put("experiment_id", "7").put("lifecycle_stage", "active");
                } else {
                    reply.put("error_code", "RESOURCE_DOES_NOT_EXIST").put("message", "none");
                }
            }
            case "experiments/create" -> {
                experiments.add(body.path("name").asText());
                reply.put("experiment_id", "7");
            }
            case "runs/create" -> {
                String id = "run" + runs.size();
                runs.put(id, new Run());
                body.path("tags").forEach(tag -> {
                    if (tag.path("key").asText().equals("preceptor.id")) {
                        runs.get(id).tag = tag.path("value").asText();
                    }
                });
                reply.putObject("run").putObject("info").put("run_id", id);
            }
            case "runs/search" -> {
                ArrayNode found = reply.putArray("runs");
                runs.forEach((id, run) -> {
                    if (body.path("filter").asText().equals("tags.`preceptor.id` = '" + run.tag + "'")) {
                        found.addObject().putObject("info").put("run_id", id);
                    }
                });
            }
            case "runs/log-batch" -> log(runs.get(body.path("run_id").asText()), body);
            case "runs/update" ->
                runs.get(body.path("run_id").asText()).status =
                        body.path("status").asText();
            default -> throw new IllegalArgumentException(path);
        }
        return reply;
    }

    private static void log(Run run, JsonNode body) {
        if (body.path("metrics").size() > 1000 || body.path("params").size() > 100) {
            throw new IllegalArgumentException("batch is too large");
        }
        body.path("params")
                .forEach(one -> run.parameters.put(
                        one.path("key").asText(), one.path("value").asText()));
        body.path("metrics")
                .forEach(one -> run.metrics.add(List.of(
                        one.path("key").asText(),
                        one.path("step").asInt(),
                        one.path("timestamp").asLong(),
                        one.path("value").asDouble())));
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("location", "http://127.0.0.1:1/elsewhere");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    Run last() {
        return new ArrayList<>(runs.values()).get(runs.size() - 1);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
