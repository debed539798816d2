package ai.preceptor.track.mlflow;

import ai.preceptor.track.LoggedLine;
import ai.preceptor.track.RunOutcome;
import ai.preceptor.track.TextStart;
import ai.preceptor.track.TrackedRun;
import ai.preceptor.track.Tracker;
import ai.preceptor.track.TrackerRefusedException;
import ai.preceptor.track.TrackerState;
import ai.preceptor.track.Tracking;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Records a run on an MLflow server: the settings as parameters, each line's numbers as metrics of its step, in the end the
 * status. A resumed run goes on with the same run of the server.
 *
 * <p>A call whose answer was lost is made again with the same timestamps, which MLflow's database takes as the same values. The run
 * bears a random tag, by which it is found if the answer to its creation was lost.
 */
public final class MlflowTracker implements Tracker {
    /** Limits of MLflow. */
    private static final int METRICS_OF_A_CALL = 1000;

    private static final int PARAMETERS_OF_A_CALL = 100;
    private static final int LONGEST_PARAMETER = 500;
    private static final int LONGEST_NAME = 250;

    private static final String RUN = "run_id";
    private static final String EXPERIMENT = "experiment_id";
    private static final String TAG = "preceptor.id";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final MlflowServer server;
    private final MlflowClient client;
    private final LongSupplier millis;
    private String runId = "";

    /** @param millis the time since 1970 */
    public MlflowTracker(MlflowServer server, LongSupplier millis) {
        this(server, millis, Tracking.ONE_CALL);
    }

    /** @param oneCall the longest time of a call */
    MlflowTracker(MlflowServer server, LongSupplier millis, Duration oneCall) {
        this.server = server;
        this.client = new MlflowClient(server, oneCall);
        this.millis = millis;
    }

    @Override
    public String name() {
        return "mlflow";
    }

    @Override
    public String open(TrackedRun run, TrackerState state, int fromStep) throws IOException {
        if (state.get("server").map(was -> !was.equals(server.toString())).orElse(false)) {
            throw new TrackerRefusedException("the run is recorded on "
                    + state.get("server").orElseThrow() + ", and MLFLOW_TRACKING_URI is " + server);
        }
        Optional<String> known = state.get(RUN);
        if (known.isPresent()) {
            runId = known.get();
            update("RUNNING", false);
        } else {
            create(run, state);
        }
        if (state.get("settings").isEmpty()) {
            logSettings(run.settings());
            state.put(Map.of("settings", "logged"));
        }
        return server.page(state.get(EXPERIMENT).orElseThrow(), runId);
    }

    private void create(TrackedRun run, TrackerState state) throws IOException {
        boolean maybeThere = state.get(TAG).isPresent();
        if (!maybeThere) {
            state.put(Map.of(TAG, UUID.randomUUID().toString(), "server", server.toString()));
        }
        String tag = state.get(TAG).orElseThrow();
        String experiment = experiment();
        Optional<String> found = maybeThere ? find(experiment, tag) : Optional.empty();
        runId = found.isPresent() ? found.get() : created(run, experiment, tag);
        state.put(Map.of(EXPERIMENT, experiment, RUN, runId));
    }

    private String experiment() throws IOException {
        String name = server.experiment();
        String byName = "experiments/get-by-name?experiment_name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
        Optional<JsonNode> found = client.call(byName, null, "RESOURCE_DOES_NOT_EXIST");
        if (found.isEmpty()) {
            Optional<JsonNode> made =
                    client.call("experiments/create", JSON.objectNode().put("name", name), "RESOURCE_ALREADY_EXISTS");
            if (made.isPresent()) {
                return required(made.get().path(EXPERIMENT));
            }
            found = client.call(byName, null, "");
        }
        JsonNode experiment = found.orElseThrow().path("experiment");
        if (experiment.path("lifecycle_stage").asText().equals("deleted")) {
            throw new TrackerRefusedException("the experiment " + name + " is deleted there");
        }
        return required(experiment.path(EXPERIMENT));
    }

    private Optional<String> find(String experiment, String tag) throws IOException {
        ObjectNode body = JSON.objectNode();
        body.putArray("experiment_ids").add(experiment);
        body.put("filter", "tags.`" + TAG + "` = '" + tag + "'").put("max_results", 1);
        JsonNode runs = client.post("runs/search", body).path("runs");
        return runs.isEmpty()
                ? Optional.empty()
                : Optional.of(required(runs.get(0).path("info").path(RUN)));
    }

    private String created(TrackedRun run, String experiment, String tag) throws IOException {
        ObjectNode body = JSON.objectNode();
        body.put(EXPERIMENT, experiment).put("start_time", millis.getAsLong()).put("run_name", run.name());
        ArrayNode tags = body.putArray("tags");
        Map.of(
                        TAG,
                        tag,
                        "preceptor.command",
                        run.command(),
                        "mlflow.source.name",
                        "preceptor",
                        "mlflow.runName",
                        run.name())
                .forEach((key, value) -> tags.addObject().put("key", key).put("value", value));
        return required(
                client.post("runs/create", body).path("run").path("info").path(RUN));
    }

    private void logSettings(Map<String, String> settings) throws IOException {
        ArrayNode parameters = JSON.arrayNode();
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            parameters
                    .addObject()
                    .put("key", name(setting.getKey()))
                    .put("value", TextStart.of(setting.getValue(), LONGEST_PARAMETER));
        }
        logBatches("params", parameters, PARAMETERS_OF_A_CALL);
    }

    @Override
    public void log(List<LoggedLine> lines) throws IOException {
        ArrayNode metrics = JSON.arrayNode();
        for (LoggedLine line : lines) {
            line.values().forEach((metric, value) -> {
                ObjectNode entry = metrics.addObject().put("key", name(metric));
                if (Double.isFinite(value)) {
                    entry.put("value", value);
                } else {
                    entry.put("value", value.toString()); // NaN, Infinity, -Infinity: protocol buffers as JSON
                }
                entry.put("timestamp", line.millis()).put("step", line.step());
            });
        }
        logBatches("metrics", metrics, METRICS_OF_A_CALL);
    }

    private void logBatches(String kind, ArrayNode all, int most) throws IOException {
        for (int from = 0; from < all.size(); from += most) {
            ObjectNode body = JSON.objectNode().put(RUN, runId);
            ArrayNode part = body.putArray(kind);
            for (int i = from; i < Math.min(all.size(), from + most); i++) {
                part.add(all.get(i));
            }
            client.post("runs/log-batch", body);
        }
    }

    @Override
    public void finish(RunOutcome outcome) throws IOException {
        update(outcome.name(), true);
    }

    private void update(String status, boolean ended) throws IOException {
        ObjectNode body = JSON.objectNode().put(RUN, runId).put("status", status);
        if (ended) {
            body.put("end_time", millis.getAsLong());
        }
        client.post("runs/update", body);
    }

    /** A name with the characters that MLflow allows: {@code eval_pass@1} is {@code eval_pass_1}, {@code rule:brevity} is {@code rule_brevity}. */
    static String name(String metric) {
        String allowed = metric.replaceAll("[^A-Za-z0-9_./ -]", "_");
        return allowed.substring(0, Math.min(LONGEST_NAME, allowed.length()));
    }

    private static String required(JsonNode id) throws IOException {
        if (id.asText().isEmpty()) {
            throw new IOException("expected an id in the answer, found none");
        }
        return id.asText();
    }
}
