package ai.preceptor.ranking.unpaired;

/**
 * What an unpaired loss makes of one answer.
 *
 * @param loss its value
 * @param slope derivative by the answer's summed log-probability, and so by the log-probability of each of its tokens
 */
public record UnpairedTerm(double loss, double slope) {}
