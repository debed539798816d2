package ai.preceptor.train.experiment;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Whether and when a run came to its end. Greater is what counts of two runs with one seed: one that is finished, and of two
 * that are, or are not, the later one.
 *
 * @param finished whether it has its result
 * @param millis when it wrote last, in milliseconds since 1970; 0 if unknown
 */
public record RunEnd(boolean finished, long millis) implements Comparable<RunEnd> {
    /**
     * As its files say.
     *
     * @param status {@code status.json}; missing for a run of a version that wrote none
     * @param summaryMillis when {@code summary.json} was written; 0 if there is none
     * @param metricsMillis when {@code metrics.jsonl} was; 0 if there is none
     */
    public static RunEnd of(JsonNode status, long summaryMillis, long metricsMillis) {
        if (status.path("state").isTextual() && status.path("updated").isNumber()) {
            return new RunEnd(
                    status.path("state").asText().equals("finished"),
                    status.path("updated").asLong());
        }
        return new RunEnd(summaryMillis > 0, Math.max(summaryMillis, metricsMillis));
    }

    @Override
    public int compareTo(RunEnd other) {
        return finished == other.finished
                ? Long.compare(millis, other.millis)
                : Boolean.compare(finished, other.finished);
    }
}
