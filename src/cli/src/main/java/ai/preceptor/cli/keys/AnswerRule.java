package ai.preceptor.cli.keys;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.quickstart.WorldRule;
import ai.preceptor.teacher.RuleScorer;
import ai.preceptor.teacher.rule.AnswerAccuracy;
import ai.preceptor.teacher.rule.ExactMatch;
import ai.preceptor.teacher.rule.ReferenceTexts;
import ai.preceptor.teacher.rule.RepetitionPenalty;
import ai.preceptor.teacher.rule.ThinkFormat;
import ai.preceptor.teacher.rule.WordF1;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Rules that score an answer without a model: the values of {@code rule}. Higher is better. */
public enum AnswerRule implements ToDoubleFunction<Answer> {
    /** Minus the number of words: shorter is better. */
    BREVITY {
        @Override
        public double applyAsDouble(Answer answer) {
            return -words(answer).size();
        }
    },
    /** Share of words that are not a repetition of an earlier one, 0 to 1; 0 where there are none. */
    DISTINCT_WORDS {
        @Override
        public double applyAsDouble(Answer answer) {
            List<String> words = words(answer);
            return words.isEmpty() ? 0 : (double) Set.copyOf(words).size() / words.size();
        }
    },
    /** 1 if the answer contains the text in the prompt's column {@code answer}, ignoring case, else 0. */
    CONTAINS_ANSWER {
        @Override
        public double applyAsDouble(Answer answer) {
            Object expected = answer.prompt().columns().get("answer");
            if (expected == null) {
                throw new IllegalArgumentException("the prompt has no column \"answer\", found "
                        + answer.prompt().columns().keySet());
            }
            String sought = expected.toString().toLowerCase(Locale.ROOT);
            return answer.text().asString().toLowerCase(Locale.ROOT).contains(sought) ? 1 : 0;
        }

        @Override
        public Optional<String> problem(Prompt prompt) {
            return prompt.columns().get("answer") == null ? lacking(prompt, "a column answer") : Optional.empty();
        }
    },
    /** 1 if the answer's last number or choice is the reference's, else 0; see {@link AnswerAccuracy}. */
    ACCURACY {
        @Override
        public double applyAsDouble(Answer answer) {
            return new AnswerAccuracy().applyAsDouble(answer);
        }

        @Override
        public Optional<String> problem(Prompt prompt) {
            return AnswerAccuracy.reference(prompt).isEmpty()
                    ? lacking(prompt, "a column answer, solution or ground_truth")
                    : Optional.empty();
        }
    },
    /** 1 if the answer is one of the references in {@code answers} or {@code answer}, as in SQuAD; see {@link ExactMatch}. */
    EXACT_MATCH {
        @Override
        public double applyAsDouble(Answer answer) {
            return new ExactMatch().applyAsDouble(answer);
        }

        @Override
        public Optional<String> problem(Prompt prompt) {
            return withoutReferences(prompt);
        }
    },
    /** Overlap of the answer's words with a reference's, 0 to 1, as in SQuAD; see {@link WordF1}. */
    F1 {
        @Override
        public double applyAsDouble(Answer answer) {
            return new WordF1().applyAsDouble(answer);
        }

        @Override
        public Optional<String> problem(Prompt prompt) {
            return withoutReferences(prompt);
        }
    },
    /** 1 if the answer is a thought between tags and what follows, else 0; see {@link ThinkFormat}. */
    THINK_FORMAT {
        @Override
        public double applyAsDouble(Answer answer) {
            return new ThinkFormat().applyAsDouble(answer);
        }
    },
    /** Minus the share of sequences of three tokens that repeat an earlier one; see {@link RepetitionPenalty}. */
    REPETITION {
        @Override
        public double applyAsDouble(Answer answer) {
            return new RepetitionPenalty().applyAsDouble(answer);
        }
    },
    /** How right and well formed an answer to an embedded prompt is, 0 to 1; see {@link WorldRule}. */
    WORLD {
        @Override
        public double applyAsDouble(Answer answer) {
            return new WorldRule().applyAsDouble(answer);
        }
    };

    /** Whether one of these has that name in a configuration. */
    public static boolean isKnown(String name) {
        return Arrays.stream(values())
                .anyMatch(rule -> rule.name().toLowerCase(Locale.ROOT).equals(name));
    }

    /** Why no answer to a prompt can have a score: it lacks a column that the rule needs. Empty if one can. */
    public Optional<String> problem(Prompt prompt) {
        return Optional.empty();
    }

    private static Optional<String> withoutReferences(Prompt prompt) {
        return ReferenceTexts.of(prompt).isEmpty() ? lacking(prompt, "a column answers or answer") : Optional.empty();
    }

    private static Optional<String> lacking(Prompt prompt, String wanted) {
        return Optional.of("expected " + wanted + " for the rule, found the columns "
                + prompt.columns().keySet());
    }

    /** The rule as a scorer. */
    public RuleScorer scorer() {
        return new RuleScorer(name().toLowerCase(Locale.ROOT), this);
    }

    private static List<String> words(Answer answer) {
        return Arrays.stream(answer.text().asString().toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}']+"))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toList());
    }
}
