package ai.preceptor.teacher.served.client;

/**
 * What a server may be burdened with.
 *
 * @param concurrency most concurrent calls, 1 or more
 * @param requestsPerMinute most calls in any minute, 1 or more; {@link #NO_LIMIT} for no limit
 * @param tokensPerMinute most tokens, read and written, in any minute, 1 or more; {@link #NO_LIMIT} for no limit. A call
 *     that alone has more is sent when nothing else was in the last minute
 */
public record Limits(int concurrency, int requestsPerMinute, int tokensPerMinute) {
    /** Stands for no limit. */
    public static final int NO_LIMIT = Integer.MAX_VALUE;

    /** @throws IllegalArgumentException if one is below 1 */
    public Limits {
        if (concurrency < 1 || requestsPerMinute < 1 || tokensPerMinute < 1) {
            throw new IllegalArgumentException("limits: received concurrency " + concurrency + ", requests a minute "
                    + requestsPerMinute + ", tokens a minute " + tokensPerMinute + ", expected 1 or more of each");
        }
    }

    /** This many concurrent calls, without further limits. */
    public static Limits atOnce(int calls) {
        return new Limits(calls, NO_LIMIT, NO_LIMIT);
    }
}
