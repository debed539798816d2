package ai.preceptor.dashboard.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All metrics of a run over its steps, read from {@code metrics.jsonl} as it grows. */
public final class Curves {
    private static final Logger LOG = LoggerFactory.getLogger(Curves.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_METRICS = 400;
    private static final int LONGEST_NAME = 200;
    private static final String STEP = "step";

    /** Begins anywhere, so that a page that outlives its server does not meet its numbers again. */
    private static final AtomicInteger GENERATIONS =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(1, 1 << 30));

    private final LineTail tail;
    private final Map<String, Curve> curves = new LinkedHashMap<>();
    private int generation = nextGeneration();
    private boolean more;
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
        more = tail.read(
                new LineTail.Reader() {
                    @Override
                    public void restart() {
                        curves.clear();
                        generation = nextGeneration();
                        bad = 0;
                    }

                    @Override
                    public void line(byte[] text) {
                        add(text);
                    }
                },
                budget);
        return more;
    }

    private static int nextGeneration() {
        return GENERATIONS.getAndIncrement() & Integer.MAX_VALUE;
    }

    private void add(byte[] text) {
        JsonNode row;
        try {
            row = JSON.readTree(text);
        } catch (IOException e) {
            bad++;
            LOG.debug("a line that is not JSON", e);
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

    /** Whether the file goes on beyond what was read. */
    public synchronized boolean hasMore() {
        return more;
    }

    /** Lines that were no rows of metrics. */
    public synchronized int badLines() {
        return bad;
    }

    /**
     * See {@link Curve#part}; empty if there is no such metric.
     *
     * @param ofGeneration {@link CurvePart#generation} of what the reader has; all of the curve if it is another one now
     */
    public synchronized Optional<CurvePart> part(String name, int points, int from, int known, int ofGeneration) {
        int valid = ofGeneration == generation ? known : 0;
        return Optional.ofNullable(curves.get(name))
                .map(curve -> curve.part(points, from, valid).of(generation));
    }
}
