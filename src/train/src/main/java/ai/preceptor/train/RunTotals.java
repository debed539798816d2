package ai.preceptor.train;

import ai.preceptor.data.DataException;
import ai.preceptor.train.run.Stateful;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Totals of a run over all processes that worked on it: a checkpoint stores them in {@code run_totals.json}, so that the
 * summary of a resumed run equals that of an uninterrupted one. Of a process that was killed, the steps and the time
 * since its last checkpoint do not count; the steps are made again.
 */
final class RunTotals implements Stateful {
    private static final Logger LOG = LoggerFactory.getLogger(RunTotals.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAME = "run_totals.json";

    private final LongSupplier nanoClock;
    private final long began;
    private double secondsBefore;
    private int steps;
    private double losses;
    private @Nullable StepMetrics last;

    /** Begins to count, and to time, a process. */
    RunTotals(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.began = nanoClock.getAsLong();
    }

    void add(StepMetrics step) {
        steps++;
        losses += step.loss();
        last = step;
    }

    /** Of all processes. */
    double seconds() {
        return secondsBefore + (nanoClock.getAsLong() - began) * 1e-9;
    }

    /** Mean over the steps; NaN when there was none. */
    double meanLoss() {
        return losses / steps;
    }

    /** The last step; null when there was none. */
    @Nullable
    StepMetrics last() {
        return last;
    }

    @Override
    public void saveState(Path checkpoint) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("steps", steps);
        row.put("loss_sum", losses);
        row.put("seconds", seconds());
        row.put("last_step", last);
        try {
            Files.writeString(checkpoint.resolve(NAME), JSON.writeValueAsString(row) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("totals have no form in JSON: " + row, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void loadState(Path checkpoint) {
        Path file = checkpoint.resolve(NAME);
        if (!Files.exists(file)) {
            LOG.warn(
                    "{}: written before checkpoints kept totals; the summary will cover the steps after it",
                    checkpoint);
            return;
        }
        try {
            JsonNode row = JSON.readTree(file.toFile());
            steps = row.required("steps").intValue();
            losses = row.required("loss_sum").doubleValue();
            secondsBefore = row.required("seconds").doubleValue();
            JsonNode step = row.required("last_step");
            last = step.isNull() ? null : JSON.treeToValue(step, StepMetrics.class);
        } catch (IOException | IllegalArgumentException e) {
            throw new DataException(file + ": no totals of a run: " + e.getMessage(), e);
        }
    }
}
