package ai.preceptor.teacher.chat;

import org.jspecify.annotations.Nullable;

/**
 * The sampling settings of a served teacher.
 *
 * @param temperature 0 or more; 0 for always the likeliest token
 * @param maxTokens most tokens of a reply, 1 or more
 * @param seed for servers that know seeds; null to send none
 */
public record ChatSampling(
        double temperature, int maxTokens, @Nullable Long seed) {

    /** @throws IllegalArgumentException if one is out of its range */
    public ChatSampling {
        if (!(temperature >= 0) || Double.isInfinite(temperature) || maxTokens < 1) {
            throw new IllegalArgumentException("sampling: received temperature " + temperature + " and max_tokens "
                    + maxTokens + ", expected 0 or more, and 1 or more");
        }
    }

    /** The likeliest tokens: what a judge is asked for. */
    public static ChatSampling greedy(int maxTokens) {
        return new ChatSampling(0, maxTokens, null);
    }
}
