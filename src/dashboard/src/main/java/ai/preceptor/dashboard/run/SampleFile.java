package ai.preceptor.dashboard.run;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The samples of one step in {@code samples.jsonl}. Its lines are in the order of their steps, so that a step is found by
 * halving, however large the file is. Of a line beyond {@value #BLOCK} bytes only the step is read; of a step beyond {@value
 * #MOST_BYTES} bytes only its begin; the page then says {@code "cut": true}.
 */
final class SampleFile {
    private static final Logger LOG = LoggerFactory.getLogger(SampleFile.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STEP = "step";
    private static final int BLOCK = 1 << 20;
    private static final int MOST_BYTES = 4 << 20;
    private static final int LONGEST_TEXT = 20_000;
    private static final int MOST_TOKENS = 8_192;

    private static final List<String> FIELDS = List.of(
            STEP,
            "group",
            "prompt",
            "completion",
            "tokens",
            "finish_reason",
            "score",
            "score_parts",
            "problem",
            "critique",
            "advantage",
            "kl",
            "logprobs",
            "log_ratios",
            "token_ends");

    private final SeekableByteChannel channel;

    private SampleFile(SeekableByteChannel channel) {
        this.channel = channel;
    }

    /**
     * A page of samples.
     *
     * @param step the step wanted; null for the last
     * @param from how many of the step's samples to leave out
     * @param count most samples
     */
    static ObjectNode page(RunFolder folder, @Nullable Integer step, int from, int count) throws IOException {
        Optional<SeekableByteChannel> found = folder.open(RunFolder.SAMPLES);
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        if (found.isEmpty()) {
            page.putArray("samples");
            return page;
        }
        try (SeekableByteChannel channel = found.get()) {
            new SampleFile(channel).fill(page, step, from, count);
        }
        return page;
    }

    private void fill(ObjectNode page, @Nullable Integer wanted, int from, int count) throws IOException {
        ArrayNode samples = page.putArray("samples");
        long end = wholeEnd();
        Line last = lineBefore(end);
        if (last == null) {
            return;
        }
        int step = wanted == null ? last.step() : wanted;
        page.put("step", step);
        page.put("last", last.step());
        long begin = firstAtOrAfter(step, end);
        Line before = lineBefore(begin);
        page.put("previous", before == null ? 0 : before.step());
        int seen = 0;
        boolean cut = false;
        Line line = lineAt(begin, end);
        while (line != null && line.step() <= step) {
            if (line.next() - begin > MOST_BYTES && seen > 0) {
                cut = true;
                line = lineAt(firstAtOrAfter(step + 1, end), end);
                break;
            }
            cut |= line.isLong();
            if (!line.isLong()) {
                if (seen >= from && samples.size() < count) {
                    samples.add(shown(line.row()));
                }
                seen++;
            }
            line = lineAt(line.next(), end);
        }
        if (line != null && line.step() > step) {
            page.put("next", line.step());
        }
        page.put("count", seen);
        page.put("cut", cut);
    }

    /** A line and where the next begins; one that is no JSON has step 0, and a long one nothing but its step. */
    private record Line(JsonNode row, long next, boolean isLong) {
        int step() {
            return row.path(STEP).asInt(0);
        }
    }

    /** End of the last whole line. */
    private long wholeEnd() throws IOException {
        return lineStart(channel.size());
    }

    /** Begin of the line in which the byte before {@code position} is, or {@code position} if that is a line feed. */
    private long lineStart(long position) throws IOException {
        long end = position;
        while (end > 0) {
            int length = (int) Math.min(1 << 14, end);
            byte[] bytes = LineTail.bytes(channel, end - length, length);
            for (int i = bytes.length - 1; i >= 0; i--) {
                if (bytes[i] == '\n') {
                    return end - length + i + 1;
                }
            }
            end -= length;
        }
        return 0;
    }

    private @Nullable Line lineBefore(long position) throws IOException {
        return position <= 0 ? null : lineAt(lineStart(position - 1), position);
    }

    private @Nullable Line lineAt(long begin, long end) throws IOException {
        int length = 1 << 14;
        while (true) {
            byte[] bytes = LineTail.bytes(channel, begin, (int) Math.min(length, end - begin));
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == '\n') {
                    return new Line(row(new String(bytes, 0, i, StandardCharsets.UTF_8)), begin + i + 1, false);
                }
            }
            if (bytes.length < length) {
                return null;
            }
            if (length >= BLOCK) {
                return longLine(bytes, begin, end);
            }
            length = Math.min(8 * length, BLOCK);
        }
    }

    private @Nullable Line longLine(byte[] first, long begin, long end) throws IOException {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        OptionalInt step = stepIn(first);
        if (step.isPresent()) {
            row.put(STEP, step.getAsInt());
        }
        for (long at = begin + first.length; at < end; ) {
            byte[] bytes = LineTail.bytes(channel, at, (int) Math.min(BLOCK, end - at));
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == '\n') {
                    return new Line(row, at + i + 1, true);
                }
            }
            if (bytes.length == 0) {
                return null; // the file was cut
            }
            at += bytes.length;
        }
        return null;
    }

    /** The step in the begin of a line, before any field that does not end there. */
    private static OptionalInt stepIn(byte[] begin) {
        try (JsonParser parser = JSON.createParser(begin)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isStep = parser.currentName().equals(STEP);
                JsonToken value = parser.nextToken();
                if (isStep && value == JsonToken.VALUE_NUMBER_INT) {
                    return OptionalInt.of(parser.getIntValue());
                }
                parser.skipChildren();
            }
        } catch (IOException e) {
            LOG.debug("a long line of samples without a step at its begin", e);
        }
        return OptionalInt.empty();
    }

    private static JsonNode row(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            LOG.debug("a line of samples that is not JSON", e);
            return JsonNodeFactory.instance.objectNode();
        }
    }

    /** Where the first line begins whose step is not below. */
    private long firstAtOrAfter(int step, long end) throws IOException {
        long low = 0;
        long high = end;
        while (low < high) {
            long middle = lineStart((low + high) >>> 1);
            Line line = middle < low ? null : lineAt(middle, end);
            if (line == null) {
                return low;
            }
            if (line.step() < step) {
                low = line.next();
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static ObjectNode shown(JsonNode row) {
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        for (String field : FIELDS) {
            JsonNode value = row.get(field);
            if (value != null && !value.isNull()) {
                shown.set(field, bounded(value));
            }
        }
        return shown;
    }

    private static JsonNode bounded(JsonNode value) {
        if (value.isTextual() && value.textValue().length() > LONGEST_TEXT) {
            return JsonNodeFactory.instance.textNode(value.textValue().substring(0, LONGEST_TEXT) + "…");
        }
        if (value.isArray() && value.size() > MOST_TOKENS) {
            List<JsonNode> first = new ArrayList<>();
            for (int i = 0; i < MOST_TOKENS; i++) {
                first.add(value.get(i));
            }
            return JsonNodeFactory.instance.arrayNode().addAll(first);
        }
        if (value.isContainerNode()) {
            String text = value.toString();
            return text.length() > 16 * LONGEST_TEXT ? JsonNodeFactory.instance.textNode("…") : value;
        }
        return value;
    }
}
