package ai.preceptor.app.keys;

import ai.preceptor.data.Answer;
import ai.preceptor.teacher.RuleScorer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Rules that judge an answer without a model. */
public enum NamedRule {
    /** Share of an answer's words that are no repetition, from 0 (nothing said) to 1: falls when a model babbles. */
    DISTINCT_WORDS {
        @Override
        public RuleScorer scorer() {
            return new RuleScorer("distinct_words", NamedRule::distinctWords);
        }
    };

    /** What the path of a teacher that is a rule begins with. */
    public static final String PREFIX = "rule:";

    /** The rule as a scorer. */
    public abstract RuleScorer scorer();

    /** The rule that a teacher's path names, if it names one. */
    static Optional<NamedRule> of(Path teacher) {
        return Arrays.stream(values())
                .filter(rule -> teacher.toString().equals(PREFIX + rule.label()))
                .findFirst();
    }

    /** All of them as a teacher's path names them. */
    static String listed() {
        return Arrays.stream(values()).map(rule -> PREFIX + rule.label()).collect(Collectors.joining(", "));
    }

    private String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static double distinctWords(Answer answer) {
        List<String> words = Arrays.stream(
                        answer.text().asString().toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}']+"))
                .filter(word -> !word.isEmpty())
                .toList();
        return words.isEmpty() ? 0 : (double) new HashSet<>(words).size() / words.size();
    }
}
