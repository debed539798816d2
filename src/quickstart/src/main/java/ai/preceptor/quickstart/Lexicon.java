package ai.preceptor.quickstart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The words of the answers. What is not here (is, the, of ...) is only form. */
final class Lexicon {
    /** Categories that things can be named from and sorted into, by their plural. */
    static final List<Category> CATEGORIES = List.of(
            new Category("an", "animal", "animals", words("dog cat cow hen pig fox bear duck goat horse")),
            new Category("a", "fruit", "fruits", words("apple pear plum fig lemon peach melon grape cherry lime")),
            new Category("a", "tool", "tools", words("hammer saw drill knife rake spade file brush axe fork")),
            new Category("a", "game", "games", words("chess golf tennis poker darts cards rugby hockey bowls tag")),
            new Category("a", "drink", "drinks", words("tea milk water juice coffee wine beer cocoa soda cider")));

    static final List<String> NUMBERS = words("one two three four five six seven eight nine ten eleven twelve");

    static final List<String> NAMES = words("Ann Tom Eva Ben Mia Max Zoe Sam Ida Leo");

    static final List<String> PLACES = words("kitchen garden cellar office street market school forest harbour attic");

    static final List<String> GIFTS = words("book lamp scarf ring clock plant chair kite watch vase");

    /** Each with its opposite. */
    static final Map<String, String> OPPOSITES = opposites("hot cold, big small, old young, fast slow, high low,"
            + " wet dry, rich poor, hard soft, dark bright, early late, full empty, clean dirty, loud quiet,"
            + " near far, strong weak, heavy light");

    private static final Set<String> CONTENT = content();

    private Lexicon() {}

    /**
     * Things of one kind.
     *
     * @param article that goes before {@code name}
     * @param name of one such thing
     * @param plural of several
     * @param members the things
     */
    record Category(String article, String name, String plural, List<String> members) {}

    /** Whether a word, in lower case, says something: it is a thing, a number, a name, a place or a quality. */
    static boolean isContent(String word) {
        return CONTENT.contains(word);
    }

    /** The content words of a text in lower case, in order. */
    static List<String> contentOf(String text) {
        return wordsOf(text).stream().filter(Lexicon::isContent).toList();
    }

    /** The words of a text in lower case, in order. */
    static List<String> wordsOf(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^a-z]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static List<String> words(String spaced) {
        return List.of(spaced.split(" "));
    }

    private static Map<String, String> opposites(String pairs) {
        Map<String, String> both = new TreeMap<>();
        for (String pair : pairs.split(", ")) {
            List<String> two = words(pair);
            both.put(two.get(0), two.get(1));
            both.put(two.get(1), two.get(0));
        }
        return both;
    }

    private static Set<String> content() {
        List<String> all = new ArrayList<>(NUMBERS);
        CATEGORIES.forEach(category -> {
            all.addAll(category.members());
            all.add(category.name());
            all.add(category.plural());
        });
        all.addAll(PLACES);
        all.addAll(GIFTS);
        all.addAll(OPPOSITES.keySet());
        NAMES.forEach(name -> all.add(name.toLowerCase(Locale.ROOT)));
        return new HashSet<>(all);
    }
}
