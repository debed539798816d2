package ai.preceptor.teacher.similarity;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Texts as words. */
public final class Words {
    private static final Pattern ROUGE = Pattern.compile("[a-z0-9]+");

    /** One character in scripts that do not put spaces between words, else a run of letters, marks and digits. */
    private static final Pattern UNICODE =
            Pattern.compile("[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsThai}\\p{IsLao}\\p{IsKhmer}\\p{IsMyanmar}]"
                    + "|[[\\p{L}\\p{M}\\p{N}]&&[^\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsThai}\\p{IsLao}\\p{IsKhmer}"
                    + "\\p{IsMyanmar}]]+");

    /** What {@code str.split()} of Python gives: its white space is Unicode's and four control characters. */
    private static final Pattern SPACED = Pattern.compile("[^\\s\\x1c-\\x1f]+", Pattern.UNICODE_CHARACTER_CLASS);

    private Words() {}

    /**
     * The tokens of Python's {@code rouge_score} without stemmer: lower case, runs of a to z and digits. Nothing is left of a
     * text in another script.
     */
    public static List<String> rouge(String text) {
        return found(ROUGE, text);
    }

    /**
     * Words of any script in lower case: runs of letters, marks and digits. A character of Chinese, Japanese, Thai, Lao, Khmer
     * or Burmese is a word by itself, since those put no spaces between words.
     */
    public static List<String> of(String text) {
        return found(UNICODE, text);
    }

    /** How many words white space separates, as {@code len(text.split())} in Python. */
    public static int count(String text) {
        return Math.toIntExact(SPACED.matcher(text).results().count());
    }

    /** The same words with one space between them, as {@code " ".join(text.split())} in Python. */
    public static String spaced(String text) {
        return SPACED.matcher(text).results().map(MatchResult::group).collect(Collectors.joining(" "));
    }

    private static List<String> found(Pattern pattern, String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = pattern.matcher(text.toLowerCase(Locale.ROOT));
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }
}
