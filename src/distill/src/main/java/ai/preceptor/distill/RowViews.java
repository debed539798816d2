package ai.preceptor.distill;

import ai.preceptor.data.Demonstration;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.text.PromptEncoder;
import java.util.Arrays;
import java.util.List;

/**
 * Turns rows into tokens, as the student sees them and as its teachers do.
 *
 * @param learnt which tokens are learnt
 * @param mix which teacher teaches a row
 * @param context what only teachers are told
 * @param own each teacher's encoder, where their tokens are not the student's; else empty
 * @param answered whether the student answers rows itself
 */
public record RowViews(
        LossTokens learnt, TeacherMix mix, PrivilegedContext context, List<PromptEncoder> own, boolean answered) {

    /** Of rows that keep their answers. */
    public RowViews(LossTokens learnt, TeacherMix mix, PrivilegedContext context, List<PromptEncoder> own) {
        this(learnt, mix, context, own, false);
    }

    /**
     * A row in tokens.
     *
     * @param student the student's encoder
     * @throws EncodingException when the row cannot be turned into tokens, or lacks a column that it needs
     */
    public TokenRow encode(Demonstration row, PromptEncoder student) {
        Demonstration turn = context.isGiven() && learnt == LossTokens.LAST_TURN ? LossTokens.lastTurn(row) : row;
        TokenRow mine = learnt.encode(turn, student);
        if (answered) {
            mine = mine.asking(LossTokens.asked(row, student));
        }
        int teacher = mix.teacherOf(row.prompt());
        if (own.isEmpty() && !context.isGiven()) {
            return teacher == 0 ? mine : mine.with(new TokenRow.View(teacher, List.of()));
        }
        Demonstration shown = context.shown(turn);
        if (own.isEmpty()) {
            TokenRow theirs = learnt.encode(shown, student);
            if (!Arrays.equals(theirs.completion(), mine.completion())) {
                throw new EncodingException("privileged_context: expected the answer's tokens to be the same after both"
                        + " prompts, found " + mine.completion().length + " and " + theirs.completion().length
                        + " tokens that differ");
            }
            return mine.with(new TokenRow.View(teacher, List.of(theirs)));
        }
        List<TokenRow> seen = (mix.isSelected() ? List.of(own.get(teacher)) : own)
                .stream().map(encoder -> learnt.encode(shown, encoder)).toList();
        return mine.with(new TokenRow.View(teacher, seen));
    }
}
