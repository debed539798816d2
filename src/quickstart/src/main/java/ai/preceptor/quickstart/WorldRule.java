package ai.preceptor.quickstart;

import ai.preceptor.data.Answer;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Judges an answer to one of the embedded prompts by program, from 0 to 1. No model has a part in it and no training may see it: it
 * is there to notice when a policy pleases its teacher without getting better.
 *
 * <p>The score is the share of the content that is right, halved for each fault of form: not a sentence (capital, full
 * stop), not one word where that was asked for, a word said twice in a row or a content word twice, more than two words
 * too long, no courtesy where it was due or one where it was not. Right content is counted in order, and content that
 * does not belong into the answer counts against it.
 */
public final class WorldRule implements ToDoubleFunction<Answer> {
    /** How an answer to a courteous instruction begins. */
    static final String COURTESY = "Of course. ";

    private static final double FAULT = 0.5;

    /**
     * Scores.
     *
     * @param answer to a prompt with the columns of these prompts
     * @return 0 to 1
     * @throws IllegalArgumentException naming a column that is missing or of another type
     */
    @Override
    public double applyAsDouble(Answer answer) {
        Columns columns = new Columns(answer.prompt().columns());
        String text = answer.text().asString();
        boolean courtesy = text.startsWith(COURTESY);
        String body = courtesy ? text.substring(COURTESY.length()) : text;
        List<String> words = Lexicon.wordsOf(body);
        double score = content(Lexicon.contentOf(body), columns);
        score *= isSentence(body) ? 1 : FAULT;
        score *= (words.size() == 1) == columns.flag("one_word") ? 1 : FAULT;
        score *= courtesy == columns.flag("courtesy") ? 1 : FAULT;
        score *= repeats(words, columns.words("expected")) ? FAULT : 1;
        score *= Lexicon.wordsOf(text).size() <= columns.number("max_words") ? 1 : FAULT;
        return score;
    }

    private static double content(List<String> said, Columns columns) {
        List<String> expected = columns.words("expected");
        List<String> choices = columns.words("choices");
        int count = columns.number("count");
        Set<String> chosen = new HashSet<>(said);
        chosen.retainAll(choices);
        Set<String> foreign = new HashSet<>(said);
        choices.forEach(foreign::remove);
        expected.forEach(foreign::remove);
        int right = inOrder(expected, said) + Math.min(count, chosen.size());
        int wrong = foreign.size() + Math.max(0, chosen.size() - count);
        return Math.max(0, right - wrong) / (double) (expected.size() + count);
    }

    /** Length of the longest common subsequence. */
    private static int inOrder(List<String> expected, List<String> said) {
        int[][] length = new int[expected.size() + 1][said.size() + 1];
        for (int i = 1; i <= expected.size(); i++) {
            for (int j = 1; j <= said.size(); j++) {
                length[i][j] = expected.get(i - 1).equals(said.get(j - 1))
                        ? length[i - 1][j - 1] + 1
                        : Math.max(length[i - 1][j], length[i][j - 1]);
            }
        }
        return length[expected.size()][said.size()];
    }

    private static boolean isSentence(String body) {
        return body.endsWith(".") && body.indexOf('.') == body.length() - 1 && Character.isUpperCase(body.charAt(0));
    }

    private static boolean repeats(List<String> words, List<String> expected) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            boolean atOnce = i > 0 && word.equals(words.get(i - 1));
            boolean again = Lexicon.isContent(word)
                    && Collections.frequency(words, word) > Math.max(1, Collections.frequency(expected, word));
            if (atOnce || again) {
                return true;
            }
        }
        return false;
    }

    /** A prompt's columns, with their types. */
    private record Columns(Map<String, @Nullable Object> values) {
        List<String> words(String name) {
            if (values.get(name) instanceof List<?> list) {
                return list.stream()
                        .map(word -> String.valueOf(word).toLowerCase(Locale.ROOT))
                        .toList();
            }
            throw wrong(name, "a list of words");
        }

        int number(String name) {
            if (values.get(name) instanceof Number number) {
                return number.intValue();
            }
            throw wrong(name, "a number");
        }

        boolean flag(String name) {
            if (values.get(name) instanceof Boolean flag) {
                return flag;
            }
            throw wrong(name, "true or false");
        }

        private IllegalArgumentException wrong(String name, String expected) {
            return new IllegalArgumentException(
                    "column \"" + name + "\": expected " + expected + ", found " + values.get(name));
        }
    }
}
