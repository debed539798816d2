package ai.preceptor.teacher.selection;

import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.teacher.elicit.Elicited;
import ai.preceptor.teacher.elicit.LeftOut;
import ai.preceptor.teacher.elicit.RowCounter;
import ai.preceptor.teacher.elicit.ScoredAnswer;
import ai.preceptor.teacher.elicit.WrittenRows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Selects answers of a student as demonstrations, by their scores: expert iteration. Of a prompt's distinct scored answers
 * those that {@code select} admits are sorted by score, highest first, equal ones in the order sampled, and the first {@code
 * maxPerPrompt} are kept.
 *
 * <p>Sources: best of n: RAFT, Dong et al. 2023, arXiv:2304.06767, algorithm 1; threshold and verified: ReST-EM, Singh et
 * al. 2023, arXiv:2312.06585, algorithm 1, whose reward is 0 or 1 and who keep at most 10 solutions a problem; STaR, Zelikman
 * et al. 2022, arXiv:2203.14465, algorithm 1.
 *
 * <p>When not to use it: with a reward model that can be deceived, best of n finds the deceptions; the KL from the student is
 * at most {@code ln n - (n - 1) / n}. With a rule that sees only the final value, wrong reasoning with a lucky end is kept.
 *
 * @param select which answers; null for none
 * @param selectThreshold least score, in the teacher's units, of {@link SelectionRule#THRESHOLD}; null else
 * @param maxPerPrompt most answers of a prompt, 1 or more; null for one of the best of n, and for all else
 * @param dropUnfinished whether answers that were truncated at the token limit are left out
 */
public record AnswerSelection(
        @Key(
                help = "also write demonstrations.jsonl, rows for sft: the best answers of a prompt by score, those "
                        + "that reach select_threshold, or those with at least 1 from the rule")
        @Nullable
        SelectionRule select,

        @Key(help = "minimum score with select=threshold, in the teacher's units") @Nullable
        Double selectThreshold,

        @Key(
                help = "maximum answers per prompt that become demonstrations, best first",
                defaultText = "1 with best_of_n, else all",
                range = "[1, inf)")
        @Nullable
        Integer maxPerPrompt,

        @Key(
                help = "whether to exclude answers truncated at max_new_tokens from demonstrations.jsonl",
                defaultValue = "false")
        boolean dropUnfinished) {

    /** The rule's score of an answer that it verifies. */
    static final double VERIFIED = 1;

    /** @throws ai.preceptor.data.ConfigurationException if a number is out of its range or does not belong to {@code select} */
    public AnswerSelection {
        Refusals refusals = Refusals.of(AnswerSelection.class, select, selectThreshold, maxPerPrompt, dropUnfinished);
        boolean threshold = select == SelectionRule.THRESHOLD;
        if (threshold && (selectThreshold == null || !Double.isFinite(selectThreshold))) {
            refusals.refuse(
                    "select_threshold",
                    "expected a finite score with select=threshold, found " + KeyName.shown(selectThreshold));
        }
        if (!threshold && selectThreshold != null) {
            refusals.refuse(
                    "select_threshold",
                    "expected nothing without select=threshold, found " + KeyName.shown(selectThreshold));
        }
        refusals.throwIfAny();
    }

    /** Whether there is a selection. */
    public boolean isGiven() {
        return select != null;
    }

    /**
     * Selects. A row's columns are the prompt's, {@code score}, and {@code model} where several students answered.
     *
     * @param groups prompts with their answers
     * @return demonstrations, and every other answer by the reason
     * @throws IllegalStateException if there is no selection
     */
    public WrittenRows<Demonstration> demonstrations(List<Elicited> groups) {
        if (select == null) {
            throw new IllegalStateException("select: expected a rule, found none");
        }
        List<AnswerPlace> places = new ArrayList<>();
        RowCounter<AnswerPlace> counter =
                new RowCounter<>("demonstrations", places::add, LeftOut.BLANK, LeftOut.UNSCORED);
        for (int group = 0; group < groups.size(); group++) {
            counter.prompt();
            List<Integer> admitted = admitted(groups.get(group).answers(), counter);
            for (int i = 0; i < admitted.size(); i++) {
                if (i < most()) {
                    counter.keep(new AnswerPlace(group, admitted.get(i)));
                } else {
                    counter.leave(LeftOut.NOT_SELECTED);
                }
            }
        }
        return new WrittenRows<>(places, counter.counts())
                .as(place -> demonstration(groups.get(place.group()), place.answer()));
    }

    /** The prompts of whose answers none becomes a row, by their places. */
    public List<Integer> unanswered(List<Elicited> groups) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            if (demonstrations(List.of(groups.get(i))).rows().isEmpty()) {
                places.add(i);
            }
        }
        return places;
    }

    private int most() {
        if (maxPerPrompt != null) {
            return maxPerPrompt;
        }
        return select == SelectionRule.BEST_OF_N ? 1 : Integer.MAX_VALUE;
    }

    /** Places of answers, the best first. */
    private List<Integer> admitted(List<ScoredAnswer> answers, RowCounter<AnswerPlace> counter) {
        List<Integer> admitted = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < answers.size(); i++) {
            ScoredAnswer answer = answers.get(i);
            if (!answer.finished()) {
                counter.truncated();
            }
            LeftOut reason = reason(answer, seen);
            if (reason == null) {
                admitted.add(i);
            } else {
                counter.leave(reason);
            }
        }
        admitted.sort(Comparator.comparingDouble(i -> -answers.get(i).score().value()));
        return admitted;
    }

    private @Nullable LeftOut reason(ScoredAnswer answer, Set<String> seen) {
        if (answer.isBlank()) {
            return LeftOut.BLANK;
        }
        if (!answer.score().isScored()) {
            return LeftOut.UNSCORED;
        }
        if (!seen.add(answer.text())) {
            return LeftOut.DUPLICATE;
        }
        if (dropUnfinished && !answer.finished()) {
            return LeftOut.UNFINISHED;
        }
        double score = answer.score().value();
        if (select == SelectionRule.VERIFIED && score < VERIFIED) {
            return LeftOut.WRONG;
        }
        return selectThreshold != null && score < selectThreshold ? LeftOut.BELOW_THRESHOLD : null;
    }

    private static Demonstration demonstration(Elicited group, int place) {
        Prompt prompt = group.prompt();
        ScoredAnswer answer = group.answers().get(place);
        Map<String, @Nullable Object> columns = new LinkedHashMap<>(prompt.columns());
        columns.put("score", answer.score().value());
        if (answer.model() != null) {
            columns.put("model", answer.model());
        }
        return new Demonstration(new Prompt(prompt.text(), columns), prompt.reply(answer.text()));
    }
}
