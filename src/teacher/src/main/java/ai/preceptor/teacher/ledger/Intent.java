package ai.preceptor.teacher.ledger;

/**
 * A call that is about to be made.
 *
 * @param hash of the request and the server's address, which tells calls apart
 * @param request as it will be sent, without the key
 * @param most the highest possible cost
 * @param attempts how many malformed answers to it are paid for, 1 or more
 */
public record Intent(String hash, String request, Money most, int attempts) {}
