package ai.preceptor.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Two programs on the same work, alternated so that other load on the machine affects both: ratio of their median step
 * times, of the processor time of a step, and of their peak memory.
 *
 * <p>Each command prints, as its last line that starts with a brace, JSON with {@code median_step_s} and, if it knows it,
 * {@code median_step_cpu_s} (without it the ratio of processor time means nothing).
 *
 * <pre>
 * java -cp ... ai.preceptor.bench.SideBySide rounds=2 "a=COMMAND" "b=COMMAND"
 * </pre>
 */
public final class SideBySide {
    private static final long LOOK_MILLIS = 50;

    private SideBySide() {}

    /** @param processor seconds of processor time a step, 0 where the program does not say */
    private record Result(double seconds, double processor, long peakMib) {}

    /** Runs the comparison. */
    public static void main(String[] words) throws IOException, InterruptedException {
        Arguments arguments = new Arguments(words);
        List<Result> a = new ArrayList<>();
        List<Result> b = new ArrayList<>();
        for (int round = 0; round < arguments.number("rounds", 1); round++) {
            a.add(run("a", arguments.text("a")));
            b.add(run("b", arguments.text("b")));
        }
        double seconds = median(a, Result::seconds) / median(b, Result::seconds);
        double processor = median(a, Result::processor) / median(b, Result::processor);
        double memory = (double) memory(a) / memory(b);
        System.out.printf(
                Locale.ROOT,
                "a %.3f s, %d MiB; b %.3f s, %d MiB; a/b: time 1/%.2f, processor time 1/%.2f, memory 1/%.2f%n",
                median(a, Result::seconds),
                memory(a),
                median(b, Result::seconds),
                memory(b),
                1 / seconds,
                1 / processor,
                1 / memory);
    }

    private static double median(List<Result> results, Function<Result, Double> which) {
        return Medians.of(results.stream().map(which).toList());
    }

    private static long memory(List<Result> results) {
        return results.stream().mapToLong(Result::peakMib).max().orElse(0);
    }

    private static Result run(String name, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", "exec " + command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long[] peak = {0};
        Thread watch = new Thread(() -> {
            while (process.isAlive()) {
                peak[0] = Math.max(peak[0], ProcessMemory.peakMib(process.pid()));
                try {
                    Thread.sleep(LOOK_MILLIS);
                } catch (InterruptedException stop) {
                    return;
                }
            }
        });
        watch.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        watch.join();
        if (code != 0) {
            throw new IOException(name + " ended with code " + code + ": " + command);
        }
        JsonNode json = output.lines()
                .filter(line -> line.startsWith("{\""))
                .reduce((first, second) -> second)
                .map(SideBySide::parse)
                .orElseThrow(() -> new IOException(name + " printed no line of JSON: " + command));
        Result result = new Result(
                json.path("median_step_s").asDouble(),
                json.path("median_step_cpu_s").asDouble(),
                peak[0]);
        System.out.printf(
                Locale.ROOT,
                "%s: %.3f s a step, %.2f s of processor time, peak %d MiB%n",
                name,
                result.seconds(),
                result.processor(),
                result.peakMib());
        return result;
    }

    private static JsonNode parse(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException e) {
            throw new IllegalStateException("not JSON: " + line, e);
        }
    }
}
