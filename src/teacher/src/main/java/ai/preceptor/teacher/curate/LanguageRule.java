package ai.preceptor.teacher.curate;

import ai.preceptor.teacher.similarity.Words;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.Character.UnicodeScript;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tells the language of a text by its script and its function words.
 *
 * <p>The script of most letters decides where it belongs to one language (Greek, Hangul, Thai; Chinese characters are Japanese
 * if there are kana). Among the languages of the Latin, Cyrillic and Arabic scripts the frequent words decide: a word counts
 * for a language by one over the number of languages that have it, and the language with the most wins. A text without such
 * words, or with two winners, is undetermined. For sentences, not for single words; close languages (Danish and Norwegian)
 * are often undetermined. Codes are those of ISO 639-1.
 */
public final class LanguageRule {
    /** A text whose language cannot be told: ISO 639-2's code. */
    public static final String UNDETERMINED = "und";

    private static final String JAPANESE = "ja";

    private static final Map<UnicodeScript, String> ONE_LANGUAGE = Map.ofEntries(
            Map.entry(UnicodeScript.HAN, "zh"),
            Map.entry(UnicodeScript.HIRAGANA, JAPANESE),
            Map.entry(UnicodeScript.KATAKANA, JAPANESE),
            Map.entry(UnicodeScript.HANGUL, "ko"),
            Map.entry(UnicodeScript.GREEK, "el"),
            Map.entry(UnicodeScript.HEBREW, "he"),
            Map.entry(UnicodeScript.THAI, "th"),
            Map.entry(UnicodeScript.DEVANAGARI, "hi"),
            Map.entry(UnicodeScript.BENGALI, "bn"),
            Map.entry(UnicodeScript.TAMIL, "ta"),
            Map.entry(UnicodeScript.GEORGIAN, "ka"),
            Map.entry(UnicodeScript.ARMENIAN, "hy"));

    private static final Set<String> CYRILLIC = Set.of("ru", "uk", "bg");
    private static final Set<String> ARABIC = Set.of("ar", "fa", "ur");

    private static final LanguageRule STANDARD = new LanguageRule(read());

    /** Languages that have a word. */
    private final Map<String, Set<String>> languages = new HashMap<>();

    private final Set<String> functionWords = new HashSet<>();
    private final Set<String> known = new TreeSet<>(ONE_LANGUAGE.values());

    private LanguageRule(List<String> lines) {
        for (String line : lines) {
            int colon = line.indexOf(':');
            String language = line.substring(0, colon);
            known.add(language);
            String[] parts = line.substring(colon + 1).split("\\|", 2);
            functionWords.addAll(words(parts[0]));
            for (String part : parts) {
                words(part)
                        .forEach(word -> languages
                                .computeIfAbsent(word, key -> new LinkedHashSet<>())
                                .add(language));
            }
        }
    }

    /** The program's own. */
    public static LanguageRule standard() {
        return STANDARD;
    }

    private static List<String> words(String part) {
        return Arrays.stream(part.strip().split("\\s+")).toList();
    }

    private static List<String> read() {
        String name = "words.txt";
        try (InputStream in = Objects.requireNonNull(LanguageRule.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The codes that {@link #language} may give, but for {@link #UNDETERMINED}. */
    public Set<String> known() {
        return Collections.unmodifiableSet(known);
    }

    /** Whether a word in lower case is a function word of any language. */
    public boolean isFunctionWord(String word) {
        return functionWords.contains(word);
    }

    /** The text's language, or {@link #UNDETERMINED}. */
    public String language(String text) {
        Map<UnicodeScript, Integer> letters = letters(text);
        UnicodeScript script = letters.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(UnicodeScript.UNKNOWN);
        String only = ONE_LANGUAGE.get(script);
        if (only != null) {
            boolean kana = letters.containsKey(UnicodeScript.HIRAGANA) || letters.containsKey(UnicodeScript.KATAKANA);
            return script == UnicodeScript.HAN && kana ? JAPANESE : only;
        }
        return byWords(text, script);
    }

    private static Map<UnicodeScript, Integer> letters(String text) {
        Map<UnicodeScript, Integer> letters = new EnumMap<>(UnicodeScript.class);
        text.codePoints()
                .filter(Character::isLetter)
                .forEach(letter -> letters.merge(UnicodeScript.of(letter), 1, Integer::sum));
        return letters;
    }

    private String byWords(String text, UnicodeScript script) {
        Map<String, Double> counts = new LinkedHashMap<>();
        for (String word : Words.of(text.toLowerCase(Locale.ROOT))) {
            Set<String> having = languages.getOrDefault(word, Set.of());
            having.stream()
                    .filter(language -> isOf(language, script))
                    .forEach(language -> counts.merge(language, 1.0 / having.size(), Double::sum));
        }
        double most = counts.values().stream().mapToDouble(x -> x).max().orElse(0);
        List<String> winners = counts.entrySet().stream()
                .filter(entry -> entry.getValue() > most - 1e-9)
                .map(Map.Entry::getKey)
                .toList();
        return winners.size() == 1 ? winners.get(0) : UNDETERMINED;
    }

    private static boolean isOf(String language, UnicodeScript script) {
        return switch (script) {
            case LATIN -> !CYRILLIC.contains(language) && !ARABIC.contains(language);
            case CYRILLIC -> CYRILLIC.contains(language);
            case ARABIC -> ARABIC.contains(language);
            default -> false;
        };
    }
}
