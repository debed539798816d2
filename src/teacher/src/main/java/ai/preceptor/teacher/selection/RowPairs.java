package ai.preceptor.teacher.selection;

import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.source.LazyRows;
import ai.preceptor.teacher.elicit.Elicited;
import ai.preceptor.teacher.elicit.LeftOut;
import ai.preceptor.teacher.elicit.RowCounter;
import ai.preceptor.teacher.elicit.ScoredAnswer;
import ai.preceptor.teacher.elicit.WrittenRows;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Pairs without a teacher: a row's own answer is chosen, and the student's own sample is rejected.
 *
 * <p>Source: SPIN, Chen et al. 2024, arXiv:2401.01335, algorithm 1: the student of the previous iteration is the opponent, and
 * the next one is trained to prefer the row's answer, with that student as the reference. When not to use it: where the rows'
 * answers are not better than the student's; the student is then pushed away from what it does well.
 */
public final class RowPairs {
    private RowPairs() {}

    /**
     * The pairs. A sample that is blank, repeats an earlier one, or is the row's answer (but for white space around it) makes
     * none.
     *
     * @param rows with the answers that are chosen
     * @param samples the student's, of the prompts of {@code rows}, in the same order; scores are not looked at
     * @param dropUnfinished whether samples that were truncated at the token limit make none either
     * @throws IllegalArgumentException if the prompts are others
     */
    public static WrittenRows<Preference> of(List<Demonstration> rows, List<Elicited> samples, boolean dropUnfinished) {
        if (!prompts(rows, Demonstration::prompt).equals(prompts(samples, Elicited::prompt))) {
            throw new IllegalArgumentException("samples: expected answers to the prompts of the rows, received others");
        }
        List<AnswerPlace> places = new ArrayList<>();
        RowCounter<AnswerPlace> counter =
                new RowCounter<>("preferences", places::add, LeftOut.BLANK, LeftOut.DUPLICATE, LeftOut.SAME_AS_ROW);
        for (int i = 0; i < rows.size(); i++) {
            counter.prompt();
            Demonstration row = rows.get(i);
            Set<String> seen = new HashSet<>();
            List<ScoredAnswer> answers = samples.get(i).answers();
            for (int j = 0; j < answers.size(); j++) {
                ScoredAnswer answer = answers.get(j);
                if (!answer.finished()) {
                    counter.truncated();
                }
                LeftOut reason = reason(row.completion(), answer, seen, dropUnfinished);
                if (reason == null) {
                    counter.keep(new AnswerPlace(i, j));
                } else {
                    counter.leave(reason);
                }
            }
        }
        return new WrittenRows<>(places, counter.counts())
                .as(place -> pair(
                        rows.get(place.group()),
                        samples.get(place.group()).answers().get(place.answer())));
    }

    private static Preference pair(Demonstration row, ScoredAnswer answer) {
        return new Preference(row.prompt(), row.completion(), row.prompt().reply(answer.text()));
    }

    private static <R> List<Prompt> prompts(List<R> rows, Function<R, Prompt> prompt) {
        return new LazyRows<>(rows.size(), i -> prompt.apply(rows.get(i)));
    }

    private static @Nullable LeftOut reason(Text own, ScoredAnswer answer, Set<String> seen, boolean dropUnfinished) {
        if (answer.isBlank()) {
            return LeftOut.BLANK;
        }
        if (answer.text().strip().equals(own.asString().strip())) {
            return LeftOut.SAME_AS_ROW;
        }
        if (!seen.add(answer.text())) {
            return LeftOut.DUPLICATE;
        }
        return dropUnfinished && !answer.finished() ? LeftOut.UNFINISHED : null;
    }
}
