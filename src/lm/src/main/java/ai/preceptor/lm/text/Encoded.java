package ai.preceptor.lm.text;

import java.util.List;

/** A prompt and completions of it as ids: the prompt's, then a completion's, are the ids of the whole text. */
public final class Encoded {
    private final int[] prompt;
    private final List<int[]> completions;
    private final int moved;

    /**
     * Ids of a prompt and its completions.
     *
     * @param prompt ids of the prompt
     * @param completions ids of each completion
     * @param moved how many tokens were cut from the prompt's end, 0 or more
     */
    public Encoded(int[] prompt, List<int[]> completions, int moved) {
        this.prompt = prompt;
        this.completions = List.copyOf(completions);
        this.moved = moved;
    }

    /** Ids of the prompt; empty where the whole conversation is the completion. */
    public int[] prompt() {
        return prompt.clone();
    }

    /** Ids of each completion, in the order they were given. */
    public List<int[]> completions() {
        return completions.stream().map(int[]::clone).toList();
    }

    /** Tokens of the prompt alone that were cut from its end to keep the boundary, usually 0. */
    public int moved() {
        return moved;
    }

    /** Length of the prompt with the longest completion, to be held against a limit. */
    public int longest() {
        return prompt.length
                + completions.stream().mapToInt(ids -> ids.length).max().orElse(0);
    }
}
