package ai.preceptor.track;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one tracker has been given of a run, and what comes next. The files of the run are the queue: nothing is held in memory
 * but the lines of one read, and nothing is dropped.
 */
final class Delivery {
    /** Lines of one call. */
    private static final int MOST_LINES = 200;

    /** Bytes of those lines, which are held as JSON: a sample may be long, and little of it is used. */
    private static final long MOST_BYTES = 1 << 20;

    private static final int SAMPLES_OF_A_STEP = 4;

    private final Tracker tracker;
    private final TrackedRun run;
    private final int firstStep;
    private final LongSupplier millis;
    private final JsonlTail metrics;
    private final JsonlTail samples;
    private final Deque<JsonNode> rows = new ArrayDeque<>();
    private @Nullable TrackerState state;
    private boolean open;
    private int fromStep;
    private LineCursor read = LineCursor.START;
    private LineCursor delivered = LineCursor.START;
    private LineCursor sending = LineCursor.START;
    private int sampledStep;
    private int samplesOfStep;
    private List<LoggedLine> lines = List.of();
    private List<LoggedSample> texts = List.of();

    /**
     * For a process of a run.
     *
     * @param firstStep steps that were done before this process, 0 in a new run
     * @param millis the time since 1970
     */
    Delivery(Tracker tracker, TrackedRun run, int firstStep, LongSupplier millis) {
        this.tracker = tracker;
        this.run = run;
        this.firstStep = firstStep;
        this.millis = millis;
        this.metrics = new JsonlTail(run.metrics());
        this.samples = new JsonlTail(run.samples());
    }

    /**
     * Begins if that has not succeeded yet.
     *
     * @return where the run is found, the first time
     */
    Optional<String> open() throws IOException {
        if (open) {
            return Optional.empty();
        }
        String where = tracker.open(run, state(), fromStep);
        open = true;
        return Optional.of(where);
    }

    /** Delivers all lines that are there. */
    void deliver() throws IOException {
        TrackerState kept = state();
        while (true) {
            if (lines.isEmpty()) {
                lines = nextLines();
            }
            if (lines.isEmpty()) {
                break;
            }
            if (!tracker.replacesSteps() && read.isAfter(sending)) {
                kept.sending(read, lines.get(0).millis());
                sending = read;
            }
            tracker.log(lines);
            lines = List.of();
            delivered = read;
            kept.delivered(delivered);
        }
        while (tracker.takesSamples()) {
            if (texts.isEmpty()) {
                texts = nextSamples();
            }
            if (texts.isEmpty()) {
                break;
            }
            tracker.logSamples(texts);
            texts = List.of();
        }
    }

    private TrackerState state() throws IOException {
        if (state != null) {
            return state;
        }
        TrackerState kept = TrackerState.of(run.state(tracker.name()));
        if (firstStep == 0) {
            kept.clear();
        }
        if (tracker.replacesSteps()) {
            fromStep = Math.min(
                    firstStep == 0 ? 0 : firstStep + 1, kept.delivered().step());
        } else {
            delivered = kept.delivered();
            sending = kept.sending();
            fromStep = delivered.step();
        }
        state = kept;
        return kept;
    }

    /**
     * The lines of one call, which have one time: lines that a process before this one may have delivered are sent apart from new
     * ones. Not empty unless there is nothing more.
     */
    private List<LoggedLine> nextLines() throws IOException {
        List<LoggedLine> wanted = new ArrayList<>();
        while (wanted.isEmpty()) {
            if (rows.isEmpty()) {
                rows.addAll(metrics.next(MOST_LINES, MOST_BYTES));
            }
            if (rows.isEmpty()) {
                break;
            }
            boolean isNew = next(rows.element()).isAfter(sending);
            long time = isNew ? millis.getAsLong() : state().sendingMillis();
            while (!rows.isEmpty() && next(rows.element()).isAfter(sending) == isNew) {
                JsonNode row = rows.remove();
                read = next(row);
                if (tracker.replacesSteps() ? read.step() >= fromStep : read.isAfter(delivered)) {
                    wanted.add(new LoggedLine(read.step(), time, values(row)));
                }
            }
        }
        return wanted;
    }

    /** The place after the next row. */
    private LineCursor next(JsonNode row) {
        return read.after(row.path("step").asInt());
    }

    private List<LoggedSample> nextSamples() throws IOException {
        List<LoggedSample> wanted = new ArrayList<>();
        long now = millis.getAsLong();
        while (wanted.isEmpty()) {
            List<JsonNode> rows = samples.next(MOST_LINES, MOST_BYTES);
            if (rows.isEmpty()) {
                break;
            }
            for (JsonNode row : rows) {
                int step = row.path("step").asInt();
                samplesOfStep = step == sampledStep ? samplesOfStep + 1 : 1;
                sampledStep = step;
                if (step >= fromStep && samplesOfStep <= SAMPLES_OF_A_STEP) {
                    wanted.add(sample(row, step, now));
                }
            }
        }
        return wanted;
    }

    private static LoggedSample sample(JsonNode row, int step, long now) {
        JsonNode prompt = row.path("prompt");
        JsonNode score = row.path("score");
        return new LoggedSample(
                step,
                now,
                prompt.isTextual() ? prompt.textValue() : prompt.toString(),
                row.path("completion").asText(),
                score.isNumber() ? score.doubleValue() : null);
    }

    private static Map<String, Double> values(JsonNode row) {
        Map<String, Double> values = new LinkedHashMap<>();
        row.properties().forEach(field -> {
            Double value = number(field.getValue());
            if (value != null && !field.getKey().equals("step")) {
                values.put(field.getKey(), value);
            }
        });
        return values;
    }

    /** JSON has no NaN and no infinities; they are written as texts. */
    private static @Nullable Double number(JsonNode value) {
        if (value.isNumber()) {
            return value.doubleValue();
        }
        return switch (value.asText()) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> null;
        };
    }
}
