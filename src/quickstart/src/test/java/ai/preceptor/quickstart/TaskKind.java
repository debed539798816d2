package ai.preceptor.quickstart;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an instruction asks for. */
enum TaskKind {
    /** Things of a category; which, is free. */
    NAME {
        @Override
        Task draw(Dice dice) {
            Lexicon.Category category = dice.oneOf(Lexicon.CATEGORIES);
            int count = dice.between(2, 4);
            String number = Lexicon.NUMBERS.get(count - 1);
            String asked = dice.oneOf(List.of("Name %s %s.", "List %s %s.", "Give me %s %s.", "Tell me %s %s."))
                    .formatted(number, category.plural());
            String pattern = number + " " + category.plural() + " are " + enumeration(count) + ".";
            return task(asked, pattern, dice.some(category.members(), count), things(), category.members());
        }
    },
    /** The opposite of a quality. */
    OPPOSITE {
        @Override
        Task draw(Dice dice) {
            String word = dice.oneOf(List.copyOf(Lexicon.OPPOSITES.keySet()));
            String asked = dice.oneOf(List.of(
                            "What is the opposite of %s?", "Give the opposite of %s.", "Say the opposite of %s."))
                    .formatted(word);
            List<String> pieces = List.of(String.valueOf(Lexicon.OPPOSITES.get(word)));
            return task(asked, "the opposite of " + word + " is %s.", pieces, List.copyOf(Lexicon.OPPOSITES.keySet()));
        }
    },
    /** Numbers from the smallest to the largest. */
    ORDER {
        @Override
        Task draw(Dice dice) {
            List<String> drawn = dice.some(Lexicon.NUMBERS.subList(0, 9), 3);
            List<String> sorted = new ArrayList<>(drawn);
            sorted.sort(Comparator.comparing(Lexicon.NUMBERS::indexOf));
            String asked = dice.oneOf(List.of("Put in order: %s, %s, %s.", "Sort these numbers: %s, %s, %s."))
                    .formatted(drawn.toArray());
            return task(asked, "in order they are " + enumeration(3) + ".", sorted, Lexicon.NUMBERS.subList(0, 9));
        }
    },
    /** How many things are listed. */
    COUNT {
        @Override
        Task draw(Dice dice) {
            Lexicon.Category category = dice.oneOf(Lexicon.CATEGORIES);
            int count = dice.between(2, 5);
            String listed = String.join(", ", dice.some(category.members(), count));
            String asked = dice.oneOf(List.of("How many %s are there: %s?", "Count the %s: %s."))
                    .formatted(category.plural(), listed);
            List<String> pieces = List.of(Lexicon.NUMBERS.get(count - 1));
            return task(asked, "there are %s " + category.plural() + ".", pieces, Lexicon.NUMBERS.subList(1, 5));
        }
    },
    /** Where somebody is, of two persons whose places are given. */
    WHERE {
        @Override
        Task draw(Dice dice) {
            List<String> names = dice.some(Lexicon.NAMES, 2);
            List<String> places = dice.some(Lexicon.PLACES, 2);
            String told = "%s is in the %s. %s is in the %s. "
                    .formatted(names.get(0), places.get(0), names.get(1), places.get(1));
            int wanted = dice.between(0, 1);
            String asked = told
                    + dice.oneOf(List.of("Where is %s?", "Say where %s is.")).formatted(names.get(wanted));
            return task(asked, names.get(wanted) + " is in the %s.", List.of(places.get(wanted)), Lexicon.PLACES);
        }
    },
    /** The sum of two small numbers. */
    SUM {
        @Override
        Task draw(Dice dice) {
            int first = dice.between(1, 6);
            int second = dice.between(1, 6);
            List<String> terms = List.of(Lexicon.NUMBERS.get(first - 1), Lexicon.NUMBERS.get(second - 1));
            String asked = dice.oneOf(List.of("What is %s plus %s?", "Add %s and %s.", "How much is %s plus %s?"))
                    .formatted(terms.toArray());
            List<String> pieces = List.of(Lexicon.NUMBERS.get(first + second - 1));
            return task(asked, terms.get(0) + " plus " + terms.get(1) + " is %s.", pieces, Lexicon.NUMBERS);
        }
    },
    /** The one thing that is of another category than the rest. */
    ODD {
        @Override
        Task draw(Dice dice) {
            List<Lexicon.Category> two = dice.some(Lexicon.CATEGORIES, 2);
            List<String> listed = new ArrayList<>(dice.some(two.get(0).members(), 2));
            String odd = dice.oneOf(two.get(1).members());
            listed.add(dice.between(0, 2), odd);
            String phrase = two.get(0).article() + " " + two.get(0).name();
            String asked = dice.oneOf(List.of("Which is not %s: %s?", "Find what is not %s: %s."))
                    .formatted(phrase, String.join(", ", listed));
            return task(asked, "%s is not " + phrase + ".", List.of(odd), listed);
        }
    },
    /** Thanks to somebody for a gift. */
    THANK {
        @Override
        Task draw(Dice dice) {
            String name = dice.oneOf(Lexicon.NAMES);
            String gift = dice.oneOf(Lexicon.GIFTS);
            String asked = dice.oneOf(List.of("Thank %s for the %s.", "Say thanks to %s for the %s."))
                    .formatted(name, gift);
            return task(asked, "thank you for the %s, %s.", List.of(gift, name), mixed());
        }

        private List<String> mixed() {
            List<String> pool = new ArrayList<>(Lexicon.GIFTS);
            pool.addAll(Lexicon.NAMES);
            return pool;
        }
    };

    /** Draws an instruction of this kind, without format or courtesy. */
    abstract Task draw(Dice dice);

    /** In the column {@code kind}. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether an answer can be one word. */
    boolean fitsOneWord() {
        return this != NAME && this != ORDER && this != THANK;
    }

    Task task(String asked, String pattern, List<String> pieces, List<String> pool) {
        return task(asked, pattern, pieces, pool, null);
    }

    Task task(String asked, String pattern, List<String> pieces, List<String> pool, @Nullable List<String> choices) {
        return new Task(this, asked, pattern, pieces, pool, choices, false, false);
    }

    private static String enumeration(int count) {
        return "%s" + ", %s".repeat(count - 2) + " and %s";
    }

    private static List<String> things() {
        return Lexicon.CATEGORIES.stream()
                .flatMap(category -> category.members().stream())
                .toList();
    }
}
