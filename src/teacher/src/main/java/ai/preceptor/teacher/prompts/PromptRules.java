package ai.preceptor.teacher.prompts;

import ai.preceptor.teacher.similarity.Words;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a new prompt must be.
 *
 * @param minWords least words, 0 or more
 * @param maxWords most words, {@code minWords} or more
 * @param blacklist words and phrases that it may not contain, in any case; copied
 * @param asciiStart whether it must begin with an ASCII letter or digit
 * @param rougeThreshold ROUGE-L with a seed or a kept prompt from which on it is too similar, in (0, 1]; null for any
 */
public record PromptRules(
        int minWords,
        int maxWords,
        List<String> blacklist,
        boolean asciiStart,
        @Nullable Double rougeThreshold) {
    /** Nothing but not to be empty. */
    public static final PromptRules ANY = new PromptRules(1, Integer.MAX_VALUE, List.of(), false, null);

    /**
     * Those of Self-Instruct: 4 to 150 words, none of the words of pictures, files and drawing, no further "Write a program", an
     * ASCII letter or digit first, ROUGE-L below 0.7.
     */
    public static final PromptRules SELF_INSTRUCT = new PromptRules(
            4,
            150,
            List.of(
                    "image",
                    "images",
                    "graph",
                    "graphs",
                    "picture",
                    "pictures",
                    "file",
                    "files",
                    "map",
                    "maps",
                    "draw",
                    "plot",
                    "go to",
                    "write a program"),
            true,
            0.7);

    /** Copies the list. */
    public PromptRules {
        blacklist = List.copyOf(blacklist);
        if (minWords < 0 || maxWords < minWords) {
            throw new IllegalArgumentException(
                    "words: received " + minWords + " to " + maxWords + ", expected 0 or more, and not less");
        }
    }

    /** Why a prompt breaks them, or null if it does not; similarity is not looked at. */
    @Nullable
    String problem(String prompt) {
        if (prompt.isBlank()) {
            return "empty";
        }
        int words = Words.count(prompt);
        if (words < minWords) {
            return words + " words, at least " + minWords;
        }
        if (words > maxWords) {
            return words + " words, at most " + maxWords;
        }
        char first = prompt.charAt(0);
        if (asciiStart && !(first < 128 && Character.isLetterOrDigit(first))) {
            return "begins with \"" + prompt.substring(0, prompt.offsetByCodePoints(0, 1)) + "\"";
        }
        for (String phrase : blacklist) {
            if (contains(prompt, phrase)) {
                return "contains \"" + phrase + "\"";
            }
        }
        return null;
    }

    /** Whether a phrase is in a text as whole words. */
    static boolean contains(String text, String phrase) {
        return Pattern.compile(
                        "(?<![\\p{L}\\p{N}])" + Pattern.quote(phrase) + "(?![\\p{L}\\p{N}])",
                        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                .matcher(text)
                .find();
    }
}
