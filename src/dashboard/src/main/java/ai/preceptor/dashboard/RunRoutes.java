package ai.preceptor.dashboard;

import ai.preceptor.dashboard.run.CurvePart;
import ai.preceptor.dashboard.run.Curves;
import ai.preceptor.dashboard.run.RunBoard;
import ai.preceptor.dashboard.run.RunFolder;
import ai.preceptor.dashboard.run.RunRow;
import ai.preceptor.train.run.RunRequest;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pages of runs: all, one, several side by side. */
final class RunRoutes implements PageRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(RunRoutes.class);
    private static final int MOST_METRICS = 64;
    private static final int MOST_HEADLINES = 6;
    private static final int MOST_RUNS = 64;
    private static final int USUAL_POINTS = 1024;
    private static final int USUAL_SAMPLES = 24;

    private final RunBoard board;

    RunRoutes(RunBoard board) {
        this.board = board;
    }

    @Override
    public List<Page> pages() {
        return List.of(
                new Page("/", "Runs", "runs.js", "Runs"),
                new Page("/run", "Run", "run.js", null),
                new Page("/compare", "Compare", "compare.js", "Compare"));
    }

    @Override
    public List<String> assets() {
        return List.of("runs.js", "run.js", "compare.js", "samples.js", "metrics.js", "details.js", "board.js");
    }

    @Override
    public void route(Router router, WorkerExecutor workers) {
        router.get("/api/runs")
                .handler(one -> Replies.send(one, workers, none -> {
                    board.refresh();
                    return Optional.of(Map.of("runs", board.rows()));
                }));
        router.get("/api/run").handler(one -> Replies.send(one, workers, this::run));
        router.get("/api/groups").handler(one -> Replies.send(one, workers, this::groups));
        router.get("/api/curves").handler(one -> Replies.send(one, workers, this::curves));
        router.get("/api/samples").handler(one -> Replies.send(one, workers, this::samples));
        router.post("/api/stop").handler(one -> ask(one, workers, RunRequest.STOP));
        router.post("/api/save").handler(one -> ask(one, workers, RunRequest.SAVE));
    }

    private Optional<?> run(Parameters parameters) throws IOException {
        String id = parameters.run();
        if (board.folder(id).isEmpty()) {
            board.refresh();
        }
        Optional<RunFolder> folder = board.folder(id);
        Optional<RunRow> row = board.row(id);
        Optional<Curves> curves = board.curves(id);
        if (folder.isEmpty() || row.isEmpty() || curves.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Object> reply = new LinkedHashMap<>();
        reply.put("row", row.get());
        reply.put("directory", folder.get().path().toString());
        reply.put("metrics", curves.get().names());
        reply.put("headline", board.headline(id, curves.get().names(), MOST_HEADLINES));
        reply.put("draws", board.draws(id));
        reply.put("bad_lines", curves.get().badLines());
        reply.put("config", board.config(folder.get()));
        reply.put("summary", board.summary(folder.get()));
        reply.put("status", board.status(folder.get()));
        return Optional.of(reply);
    }

    private Optional<?> groups(Parameters parameters) {
        List<String> ids = parameters.several("id", MOST_RUNS);
        if (ids.stream().anyMatch(id -> board.folder(id).isEmpty())) {
            board.refresh();
        }
        return Optional.of(Map.of("groups", board.groups(ids)));
    }

    private Optional<?> curves(Parameters parameters) throws IOException {
        List<String> names = parameters.several("metric", MOST_METRICS);
        int points = parameters.number("points", USUAL_POINTS, 16, 2048);
        List<Integer> from = parameters.numbers("from", names.size());
        List<Integer> width = parameters.numbers("width", names.size());
        int generation = parameters.number("generation", 0, 0, Integer.MAX_VALUE);
        Optional<Curves> curves = board.curves(parameters.run());
        if (curves.isEmpty()) {
            return Optional.empty();
        }
        Map<String, CurvePart> parts = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            curves.get()
                    .part(name, points, from.get(i), width.get(i), generation)
                    .ifPresent(part -> parts.put(name, part));
        }
        return Optional.of(Map.of(
                "metrics",
                curves.get().names(),
                "headline",
                board.headline(parameters.run(), curves.get().names(), MOST_HEADLINES),
                "curves",
                parts,
                "more",
                curves.get().hasMore()));
    }

    private Optional<?> samples(Parameters parameters) throws IOException {
        int step = parameters.number("step", -1, -1, Integer.MAX_VALUE);
        int from = parameters.number("from", 0, 0, Integer.MAX_VALUE);
        int count = parameters.number("count", USUAL_SAMPLES, 1, 200);
        return board.samples(parameters.run(), step < 0 ? null : step, from, count);
    }

    private void ask(RoutingContext one, WorkerExecutor workers, RunRequest request) {
        Replies.send(one, workers, parameters -> {
            String id = parameters.run();
            board.refresh();
            Optional<RunFolder> folder = board.folder(id);
            Optional<RunRow> row = board.row(id);
            if (folder.isEmpty() || row.isEmpty()) {
                return Optional.empty();
            }
            if (!row.get().state().equals("running")) {
                throw new BadRequestException("id: expected a running run, found one that is "
                        + row.get().state());
            }
            folder.get().ask(request);
            LOG.info("{} was asked for {}", folder.get().path(), request.file());
            return Optional.of(Map.of("asked", request.file()));
        });
    }
}
