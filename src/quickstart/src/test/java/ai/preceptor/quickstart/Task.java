package ai.preceptor.quickstart;

import ai.preceptor.data.Prompt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An instruction with what makes an answer to it a good one.
 *
 * @param kind what is asked for
 * @param instruction the instruction
 * @param pattern the good answer, as a sentence with a {@code %s} for every piece
 * @param pieces what goes there; where the answerer may choose, one choice of many
 * @param pool what the pieces are drawn from, right and wrong ones
 * @param choices what may be chosen, or null where the pieces are the only right ones
 * @param oneWord whether one word is asked for, which is then the last piece
 * @param courteous whether it says please, which an answer must acknowledge
 */
record Task(
        TaskKind kind,
        String instruction,
        String pattern,
        List<String> pieces,
        List<String> pool,
        @Nullable List<String> choices,
        boolean oneWord,
        boolean courteous) {

    Task withPieces(List<String> others) {
        return new Task(kind, instruction, pattern, others, pool, choices, oneWord, courteous);
    }

    Task inOneWord(boolean asked) {
        return new Task(kind, instruction, pattern, pieces, pool, choices, asked, courteous);
    }

    Task politely(boolean asked) {
        return new Task(kind, instruction, pattern, pieces, pool, choices, oneWord, asked);
    }

    /** The answer with these pieces, in the form that is asked for. */
    String answer() {
        return (courteous ? WorldRule.COURTESY : "") + body();
    }

    /** The same without the courtesy. */
    String body() {
        return oneWord ? capital(pieces.get(pieces.size() - 1)) + "." : capital(pattern.formatted(pieces.toArray()));
    }

    /** The prompt, with the columns that {@link WorldRule} reads. */
    Prompt prompt() {
        return new Prompt(Prompt.user(instruction).text(), columns());
    }

    private Map<String, @Nullable Object> columns() {
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        columns.put("kind", kind.label());
        columns.put("expected", expected());
        columns.put("choices", choices == null ? List.of() : choices);
        columns.put("count", choices == null ? 0 : pieces.size());
        columns.put("one_word", oneWord);
        columns.put("courtesy", courteous);
        columns.put("max_words", Lexicon.wordsOf(answer()).size() + 2);
        return columns;
    }

    /** The content words of a good answer in order, but for those that are free. */
    private List<String> expected() {
        List<String> words = Lexicon.contentOf(body());
        return choices == null
                ? words
                : words.stream().filter(word -> !choices.contains(word)).toList();
    }

    static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
