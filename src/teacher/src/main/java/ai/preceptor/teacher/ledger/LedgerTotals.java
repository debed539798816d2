package ai.preceptor.teacher.ledger;

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
        double openCost) {}
