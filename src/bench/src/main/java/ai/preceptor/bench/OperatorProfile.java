package ai.preceptor.bench;

import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The time of a piece of work by PyTorch operator, each without the operators it calls. Only the calling thread is seen,
 * so a pass shows its layers only if it has one shard: with one thread, or too few rows for two.
 */
final class OperatorProfile {
    private static final int LINES = 20;

    private final Map<String, Double> own;
    private final double total;

    private OperatorProfile(Map<String, Double> own) {
        this.own = own;
        this.total = own.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** Runs the work under PyTorch's profiler and leaves its trace in a file. */
    static OperatorProfile record(Path trace, Runnable work) {
        JniUtils.startProfile(false, false, false);
        try {
            work.run();
        } finally {
            JniUtils.stopProfile(trace.toString());
        }
        try {
            return of(new ObjectMapper().readTree(trace.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Event(String name, double start, double end) {}

    private static OperatorProfile of(JsonNode trace) {
        Map<String, List<Event>> threads = new HashMap<>();
        JsonNode events = trace.isArray() ? trace : trace.path("traceEvents");
        for (JsonNode event : events) {
            if (event.path("ph").asText().equals("X")) {
                double start = event.path("ts").asDouble();
                threads.computeIfAbsent(event.path("tid").asText(), t -> new ArrayList<>())
                        .add(new Event(
                                event.path("name").asText(),
                                start,
                                start + event.path("dur").asDouble()));
            }
        }
        Map<String, Double> own = new HashMap<>();
        threads.values().forEach(thread -> addOwnTimes(thread, own));
        return new OperatorProfile(own);
    }

    /** Events nest: what runs inside another is taken off the one around it. */
    private static void addOwnTimes(List<Event> thread, Map<String, Double> own) {
        thread.sort(Comparator.comparingDouble(Event::start)
                .thenComparing(Comparator.comparingDouble(Event::end).reversed()));
        Deque<Event> open = new ArrayDeque<>();
        for (Event event : thread) {
            while (!open.isEmpty() && open.peek().end() <= event.start()) {
                open.pop();
            }
            double time = event.end() - event.start();
            own.merge(event.name(), time, Double::sum);
            if (!open.isEmpty()) {
                own.merge(open.peek().name(), -time, Double::sum);
            }
            open.push(event);
        }
    }

    void print(PrintStream out) {
        own.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(LINES)
                .forEach(entry -> out.printf(
                        "%6.1f%%  %8.1f ms  %s%n",
                        100 * entry.getValue() / total, entry.getValue() * 1e-3, entry.getKey()));
    }
}
