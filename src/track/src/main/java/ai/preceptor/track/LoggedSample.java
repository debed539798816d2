package ai.preceptor.track;

import org.jspecify.annotations.Nullable;

/**
 * A part of a line of {@code samples.jsonl}. Texts are what a model wrote, cut to {@link #LONGEST}.
 *
 * @param step that may learn from it
 * @param millis when it was read, since 1970
 * @param prompt the prompt's text, or its messages as JSON
 * @param completion the answer
 * @param score null for none
 */
public record LoggedSample(
        int step,
        long millis,
        String prompt,
        String completion,
        @Nullable Double score) {
    /** Characters of a text. */
    public static final int LONGEST = 2000;

    public LoggedSample {
        prompt = cut(prompt);
        completion = cut(completion);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : TextStart.of(text, LONGEST) + " ...";
    }
}
