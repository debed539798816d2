package ai.preceptor.dashboard.judge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A person's verdict on a pair.
 *
 * @param pair its id
 * @param verdict by the sides on which the answers were shown
 * @param chosenFirst whether the teacher's choice was shown first
 * @param seconds from showing the pair to the verdict
 * @param time of the verdict, in ISO 8601
 */
record Judgment(String pair, Verdict verdict, boolean chosenFirst, double seconds, String time) {
    /** 1 for the answer that the teacher chose, -1 for the other one, 0 for neither. */
    int choice() {
        if (verdict == Verdict.TIE) {
            return 0;
        }
        return (verdict == Verdict.FIRST) == chosenFirst ? 1 : -1;
    }

    Map<String, Object> row() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("pair", pair);
        row.put("verdict", verdict.value());
        row.put("chosen_first", chosenFirst);
        row.put("seconds", seconds);
        row.put("time", time);
        return row;
    }

    static Optional<Judgment> read(JsonNode row) {
        return Verdict.of(row.path("verdict").asText())
                .filter(verdict ->
                        row.path("pair").isTextual() && row.path("chosen_first").isBoolean())
                .map(verdict -> new Judgment(
                        row.get("pair").asText(),
                        verdict,
                        row.get("chosen_first").asBoolean(),
                        row.path("seconds").asDouble(),
                        row.path("time").asText()));
    }
}
