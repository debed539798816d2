package ai.preceptor.teacher.ledger;

/**
 * An amount that is reserved for a call, until the call is settled.
 *
 * @param id of its row
 * @param hash of the request
 * @param most the highest possible cost of the call
 */
public record Reservation(long id, String hash, Money most) {}
