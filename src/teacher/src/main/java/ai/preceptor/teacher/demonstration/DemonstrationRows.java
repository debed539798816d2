package ai.preceptor.teacher.demonstration;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Completion;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.teacher.elicit.LeftOut;
import ai.preceptor.teacher.elicit.RowCounter;
import ai.preceptor.teacher.elicit.WrittenRows;
import ai.preceptor.teacher.rule.AnswerAccuracy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which of a teacher's own answers become demonstrations. Blank ones and those that were not given never do.
 *
 * <p>With {@code chainOfThought} a reply without exactly one line {@code Answer: ...} at its end is left out. The completion
 * stays the whole reply, so that the student learns the reasoning; the columns {@code rationale} and {@code final_answer} hold
 * its two parts for those who train on one of them (Hsieh et al. 2023, arXiv:2305.02301, train on both as two tasks).
 *
 * <p>With {@code checked} an answer whose final value is not that of the row's own ({@link AnswerAccuracy}) is left out. A row
 * without an answer that can be compared is not checked.
 *
 * @param chainOfThought whether replies end in a line {@code Answer: ...}
 * @param checked whether answers are compared with the row's own
 * @param maxPerPrompt most rows of a prompt, the first ones, 1 or more; null for all
 * @param dropUnfinished whether answers that were truncated at the token limit are left out
 */
public record DemonstrationRows(
        boolean chainOfThought, boolean checked, @Nullable Integer maxPerPrompt, boolean dropUnfinished) {
    /** All that say something. */
    public static final DemonstrationRows ALL = new DemonstrationRows(false, false, null, false);

    /**
     * The rows that a teacher's answers make.
     *
     * @param prompts as the rows have them, without what the teacher read before ({@link AnswerContext})
     * @param answers a list for each, as {@link ai.preceptor.teacher.elicit.AnswerSampler#sampleAll} gives them
     */
    public WrittenRows<Demonstration> of(List<Prompt> prompts, List<List<Completion>> answers) {
        List<Demonstration> rows = new ArrayList<>();
        RowCounter<Demonstration> counter = counter(rows::add);
        add(prompts, answers, counter);
        return new WrittenRows<>(rows, counter.counts());
    }

    /**
     * Counts the answers that {@link #add} gets.
     *
     * @param rows where demonstrations go
     */
    public static RowCounter<Demonstration> counter(Consumer<Demonstration> rows) {
        return new RowCounter<>("demonstrations", rows, LeftOut.BLANK, LeftOut.MISSING);
    }

    /**
     * Makes rows of the answers to some prompts.
     *
     * @param prompts as the rows have them
     * @param answers a list for each
     * @param counter from {@link #counter}
     */
    public void add(List<Prompt> prompts, List<List<Completion>> answers, RowCounter<Demonstration> counter) {
        for (int i = 0; i < prompts.size(); i++) {
            counter.prompt();
            int kept = 0;
            for (Completion answer : answers.get(i)) {
                Optional<Rationale> rationale = chainOfThought ? Rationale.of(answer.text()) : Optional.empty();
                LeftOut reason = reason(prompts.get(i), answer, rationale, kept);
                if (answer.finishReason() == FinishReason.LENGTH
                        && !answer.text().isBlank()) {
                    counter.truncated();
                }
                if (reason == null) {
                    kept++;
                    counter.keep(row(prompts.get(i), answer.text(), rationale));
                } else {
                    counter.leave(reason);
                }
            }
        }
    }

    /** How many prompts have no answer of their own that can be compared. */
    public static int unchecked(List<Prompt> prompts) {
        return (int) prompts.stream()
                .filter(prompt -> !AnswerAccuracy.isComparable(prompt))
                .count();
    }

    private @Nullable LeftOut reason(Prompt prompt, Completion answer, Optional<Rationale> rationale, int kept) {
        if (answer.finishReason() == FinishReason.CANCELLED) {
            return LeftOut.MISSING;
        }
        if (answer.text().isBlank()) {
            return LeftOut.BLANK;
        }
        if (dropUnfinished && answer.finishReason() == FinishReason.LENGTH) {
            return LeftOut.UNFINISHED;
        }
        boolean cut = answer.finishReason() == FinishReason.LENGTH; // then its last line may be, too
        if (chainOfThought && (rationale.isEmpty() || cut)) {
            return LeftOut.NO_ANSWER_LINE;
        }
        if (checked && isWrong(prompt, rationale.map(Rationale::answer).orElse(answer.text()))) {
            return LeftOut.WRONG;
        }
        return maxPerPrompt != null && kept >= maxPerPrompt ? LeftOut.NOT_SELECTED : null;
    }

    private static boolean isWrong(Prompt prompt, String answer) {
        return AnswerAccuracy.isComparable(prompt)
                && new AnswerAccuracy().applyAsDouble(Answer.of(prompt, answer)) == 0;
    }

    private static Demonstration row(Prompt prompt, String answer, Optional<Rationale> rationale) {
        if (rationale.isEmpty()) {
            return new Demonstration(prompt, prompt.reply(answer));
        }
        Map<String, @Nullable Object> columns = new LinkedHashMap<>(prompt.columns());
        columns.put("rationale", rationale.get().rationale());
        columns.put("final_answer", rationale.get().answer());
        return new Demonstration(new Prompt(prompt.text(), columns), prompt.reply(answer));
    }
}
