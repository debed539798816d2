package ai.preceptor.cli.plan;

import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.cli.report.MetricsFile;
import ai.preceptor.cli.runs.RunFolder;
import ai.preceptor.data.DataException;
import ai.preceptor.formats.io.ModelJson;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Seconds of the parts of a policy's step.
 *
 * @param sampling in which one generator answers all prompts
 * @param scoring in which one scorer scores all answers
 * @param learning from answers to new weights
 * @param publication of weights, without their transfer
 */
public record PartTimes(double sampling, double scoring, double learning, double publication) {
    private static final String STEP_TIME = "step_time";
    private static final String SAMPLING_TIME = "sampling_time";

    /** As the plan estimates them; scoring and publication are not estimated. */
    public static PartTimes estimated(StepTime time) {
        return new PartTimes(time.rollout(), 0, time.training() + time.frozen() + time.optimizer(), 0);
    }

    /**
     * Means of a run, without its first batch. Times of actors are those of its summary, scaled to a step's prompts.
     *
     * @param run directory of a policy run that is over
     * @param prompts of a step
     * @throws DataException when it is none, or has fewer than two batches
     */
    public static PartTimes measured(Path run, int prompts) {
        Map<String, List<Point>> columns = new MetricsFile(run.resolve(MetricsFile.NAME)).columns();
        List<Point> batches = columns.getOrDefault(SAMPLING_TIME, List.of());
        if (batches.size() < 2) {
            throw new DataException(run.resolve(MetricsFile.NAME) + ": expected two values of " + SAMPLING_TIME
                    + " or more, as a policy run writes them, found " + batches.size());
        }
        double second = batches.get(1).x();
        double count = batches.size() - 1.0;
        double publication = sum(columns, "publication_time", second) / count;
        double learning = (sum(columns, STEP_TIME, second) - sum(columns, SAMPLING_TIME, second)) / count - publication;
        Path summary = run.resolve(RunFolder.SUMMARY);
        JsonNode actors = ModelJson.read(summary).path("actors");
        return new PartTimes(
                prompts * perPrompt(summary, actors, "generate"),
                prompts * perPrompt(summary, actors, "score"),
                learning,
                publication);
    }

    private static double sum(Map<String, List<Point>> columns, String name, double from) {
        return columns.getOrDefault(name, List.of()).stream()
                .filter(point -> point.x() >= from)
                .mapToDouble(Point::y)
                .sum();
    }

    private static double perPrompt(Path file, JsonNode actors, String stage) {
        double busy = 0;
        long prompts = 0;
        for (JsonNode actor : actors) {
            if (actor.path("stage").asText().equals(stage)) {
                busy += actor.path("busy_seconds").asDouble();
                prompts += actor.path("prompts").asLong();
            }
        }
        if (prompts == 0) {
            throw new DataException(file + ": expected an actor of stage " + stage + ", found none with prompts");
        }
        return busy / prompts;
    }

    /** The same with those that are given. */
    public PartTimes with(
            @Nullable Double otherSampling,
            @Nullable Double otherScoring,
            @Nullable Double otherLearning,
            @Nullable Double otherPublication) {
        return new PartTimes(
                Objects.requireNonNullElse(otherSampling, sampling),
                Objects.requireNonNullElse(otherScoring, scoring),
                Objects.requireNonNullElse(otherLearning, learning),
                Objects.requireNonNullElse(otherPublication, publication));
    }
}
