package ai.preceptor.lm.text;

import java.util.List;

/**
 * A prompt and completions of it as ids: the prompt's, then a completion's, are the ids of the whole text.
 *
 * @param prompt empty where the whole conversation is the completion
 * @param completions in the order they were given
 * @param moved tokens of the prompt alone that were cut from its end to keep the boundary, usually 0
 */
public record Encoded(int[] prompt, List<int[]> completions, int moved) {

    /** Copies the list. */
    public Encoded {
        completions = List.copyOf(completions);
    }

    /** Length of the prompt with the longest completion, to be held against a limit. */
    public int longest() {
        return prompt.length
                + completions.stream().mapToInt(ids -> ids.length).max().orElse(0);
    }
}
