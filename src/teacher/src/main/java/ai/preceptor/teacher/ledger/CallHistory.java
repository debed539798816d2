package ai.preceptor.teacher.ledger;

import org.jspecify.annotations.Nullable;

/**
 * The ledger's records of a request.
 *
 * @param answered the first reply to it, or null
 * @param malformed how often it was answered with something that is no reply
 * @param problem what was wrong with the last of these; empty if there is none
 */
public record CallHistory(@Nullable PaidCall answered, int malformed, String problem) {}
