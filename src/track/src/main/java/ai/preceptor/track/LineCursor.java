package ai.preceptor.track;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A place between two lines of {@code metrics.jsonl} that stays valid when the file is cut back and written again.
 *
 * @param step of the line before
 * @param lines of that step before the place
 */
record LineCursor(int step, int lines) {
    static final LineCursor START = new LineCursor(0, 0);

    /** The place after one more line. */
    LineCursor after(int nextStep) {
        return nextStep == step ? new LineCursor(step, lines + 1) : new LineCursor(nextStep, 1);
    }

    boolean isAfter(LineCursor other) {
        return step > other.step || (step == other.step && lines > other.lines);
    }

    ObjectNode toJson() {
        return JsonNodeFactory.instance.objectNode().put("step", step).put("lines", lines);
    }

    static LineCursor of(JsonNode json) {
        return new LineCursor(json.path("step").asInt(0), json.path("lines").asInt(0));
    }
}
