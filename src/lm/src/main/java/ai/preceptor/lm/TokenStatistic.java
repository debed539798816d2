package ai.preceptor.lm;

/** What a pass can compute of a whole next-token distribution beside the log-probability; each has a small cost. */
public enum TokenStatistic {
    /** Its entropy. */
    ENTROPY(1),
    /** The logarithm of the sum of its squared probabilities. */
    LOG_SUM_SQUARES(2),
    /** The mean of its logits, of those outside its support too. */
    MEAN_LOGIT(4);

    private final int bit;

    TokenStatistic(int bit) {
        this.bit = bit;
    }

    /** Its bit in what the head's kernel is asked for. */
    int bit() {
        return bit;
    }
}
