package ai.preceptor.dashboard.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All metrics of a run over its steps, read from {@code metrics.jsonl} as it grows. */
public final class Curves {
    private static final Logger LOG = LoggerFactory.getLogger(Curves.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_METRICS = 400;
    private static final int LONGEST_NAME = 200;
    private static final String STEP = "step";

    private final LineTail tail;
    private final Map<String, Curve> curves = new LinkedHashMap<>();
    private int bad;

    Curves(RunFolder folder) {
        this.tail = new LineTail(folder, RunFolder.METRICS);
    }

    /**
     * Reads what was added.
     *
     * @return whether there is more than {@code budget} bytes, which the next call will read
     */
    synchronized boolean readOn(long budget) throws IOException {
        return tail.read(
                new LineTail.Reader() {
                    @Override
                    public void restart() {
                        curves.clear();
                        bad = 0;
                    }

                    @Override
                    public void line(byte[] text) {
                        add(text);
                    }
                },
                budget);
    }

    private void add(byte[] text) {
        JsonNode row;
        try {
            row = JSON.readTree(text);
        } catch (IOException e) {
            bad++;
            LOG.debug("a line that is no JSON", e);
            return;
        }
        JsonNode step = row.path(STEP);
        if (!step.isIntegralNumber()) {
            bad++;
            return;
        }
        row.properties().forEach(entry -> {
            if (entry.getValue().isNumber() && !entry.getKey().equals(STEP)) {
                curve(entry.getKey())
                        .ifPresent(curve ->
                                curve.add(step.intValue(), entry.getValue().doubleValue()));
            }
        });
    }

    private Optional<Curve> curve(String name) {
        Curve known = curves.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        if (curves.size() >= MOST_METRICS || name.length() > LONGEST_NAME) {
            return Optional.empty();
        }
        Curve made = new Curve();
        curves.put(name, made);
        return Optional.of(made);
    }

    /** The metrics there are, in the order in which they came. */
    public synchronized Set<String> names() {
        return new LinkedHashSet<>(curves.keySet());
    }

    /** Lines that were no rows of metrics. */
    public synchronized int badLines() {
        return bad;
    }

    /** See {@link Curve#part}; empty if there is no such metric. */
    public synchronized Optional<CurvePart> part(String name, int points, int from, int known) {
        return Optional.ofNullable(curves.get(name)).map(curve -> curve.part(points, from, known));
    }
}
