package ai.preceptor.dashboard.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the end of {@code metrics.jsonl} tells, without reading the rest.
 *
 * @param step last step; 0 if there is none
 * @param secondsPerStep mean of the steps at the end; 0 if unknown
 * @param epoch passes over the rows; 0 if unknown
 * @param values last value of every metric
 */
record LastLines(int step, double secondsPerStep, double epoch, Map<String, Double> values) {
    private static final Logger LOG = LoggerFactory.getLogger(LastLines.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int END = 1 << 16;

    static final LastLines NONE = new LastLines(0, 0, 0, Map.of());

    static LastLines read(RunFolder folder) {
        try {
            Optional<SeekableByteChannel> found = folder.open(RunFolder.METRICS);
            if (found.isEmpty()) {
                return NONE;
            }
            try (SeekableByteChannel channel = found.get()) {
                long size = channel.size();
                long from = Math.max(0, size - END);
                String text = new String(LineTail.bytes(channel, from, (int) (size - from)), StandardCharsets.UTF_8);
                return of(text, from > 0);
            }
        } catch (IOException e) {
            LOG.debug("metrics of {} cannot be read", folder.path(), e);
            return NONE;
        }
    }

    /** @param cut whether the first line lacks its beginning */
    private static LastLines of(String text, boolean cut) {
        int begin = cut ? text.indexOf('\n') + 1 : 0;
        int end = text.lastIndexOf('\n');
        Map<String, Double> values = new LinkedHashMap<>();
        double seconds = 0;
        int steps = 0;
        for (String line :
                end < begin ? new String[0] : text.substring(begin, end).split("\n")) {
            Map<String, Double> row = numbers(line);
            values.putAll(row);
            Double time = row.get("step_time");
            if (time != null) {
                seconds += time;
                steps++;
            }
        }
        return new LastLines(
                values.getOrDefault("step", 0.0).intValue(),
                steps == 0 ? 0 : seconds / steps,
                values.getOrDefault("epoch", 0.0),
                values);
    }

    private static Map<String, Double> numbers(String line) {
        Map<String, Double> row = new LinkedHashMap<>();
        try {
            JsonNode root = JSON.readTree(line);
            root.properties().forEach(entry -> {
                if (entry.getValue().isNumber()) {
                    row.put(entry.getKey(), entry.getValue().doubleValue());
                }
            });
        } catch (IOException e) {
            LOG.debug("a line of metrics that is not JSON", e);
        }
        return row;
    }
}
