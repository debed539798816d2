package ai.preceptor.teacher.ledger;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the calls of a ledger came to.
 *
 * @param calls how many were answered
 * @param promptTokens tokens that were read, as far as is known
 * @param completionTokens tokens that were written, as far as is known
 * @param cost the amount counted against the cap, in the unit of the prices: of all calls, whatever their outcome
 * @param malformed how many were answered with something that is no reply
 * @param unanswered how many the server may have worked for without an answer
 * @param open how many are in flight, or were when their process ended
 * @param openCost the part of the cost that is reserved for these
 */
public record LedgerTotals(
        long calls,
        long promptTokens,
        long completionTokens,
        double cost,
        long malformed,
        long unanswered,
        long open,
        double openCost) {
    /** By the names of metrics, for a summary. */
    public Map<String, Object> toRow() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("teacher/calls", calls);
        row.put("teacher/prompt_tokens", promptTokens);
        row.put("teacher/completion_tokens", completionTokens);
        row.put("teacher/cost", cost);
        row.put("teacher/calls_malformed", malformed);
        row.put("teacher/calls_unanswered", unanswered);
        row.put("teacher/calls_open", open);
        row.put("teacher/cost_open", openCost);
        return row;
    }
}
