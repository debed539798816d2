package ai.preceptor.run;

import ai.preceptor.data.ConfigurationException;

/**
 * How long a prompt may be where it is answered.
 *
 * @param tokens most tokens of a prompt
 * @param key that says how long the answer may be
 */
public record PromptRoom(int tokens, String key) {
    /**
     * What an answer leaves.
     *
     * @param maxLength most tokens of a prompt with its answer, {@code max_length}
     * @param context tokens that the model can read
     * @param answer most tokens of an answer
     * @param key of {@code answer}
     * @throws ConfigurationException when that is nothing
     */
    public static PromptRoom beside(int maxLength, int context, int answer, String key) {
        int longest = Math.min(maxLength, context);
        if (longest <= answer) {
            throw new ConfigurationException(key + " is " + answer + ", legal: less than " + longest
                    + ", the smaller of max_length " + maxLength + " and the model's context " + context);
        }
        return new PromptRoom(longest - answer, key);
    }

    /** Says that no prompt leaves room. */
    public String noneFits(int prompts) {
        return "no prompts to answer: all " + prompts + " are longer than " + tokens
                + " tokens, which is what max_length or the model's context leaves after " + key;
    }
}
