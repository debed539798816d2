package ai.preceptor.teacher.judge;

import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatReply;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses a judge's decision strictly: the last non-empty line, in the requested form, and no other line in that form. A
 * reply that decides twice may have been talked into it by an answer.
 *
 * @param form the whole line; its first group is the decision
 * @param wanted the form in words
 */
record LastLine(Pattern form, String wanted) {
    /** {@code Verdict: A}, {@code B} or {@code tie}. */
    static final LastLine VERDICT = new LastLine(Pattern.compile("Verdict: (A|B|tie)"), "Verdict: A, B or tie");

    /** {@code Score:} and a whole number from 1 to 10. */
    static final LastLine SCORE = new LastLine(Pattern.compile("Score: ([1-9]|10)"), "Score: a whole number, 1 to 10");

    /** {@code Ranking:} and numbers of answers, best first. Possessive, so that no length of a line fills the stack. */
    static final LastLine RANKING = new LastLine(
            Pattern.compile("Ranking: ([1-9][0-9]{0,4}(?: > [1-9][0-9]{0,4})*+)"),
            "Ranking: numbers of answers between >, best first");

    Reading<String> of(Asked asked) {
        return Reading.of(asked, this::read);
    }

    private Reading<String> read(List<String> lines, boolean cut) {
        long decisions = lines.stream().filter(form.asMatchPredicate()).count();
        Matcher last = form.matcher(lines.isEmpty() ? "" : lines.get(lines.size() - 1));
        if (!last.matches()) {
            return Reading.none("reply: expected a last line of the form " + wanted + ", found "
                    + (lines.isEmpty() ? "nothing" : ChatReply.excerpt(lines.get(lines.size() - 1)))
                    + (cut ? " at the limit of tokens" : ""));
        }
        if (cut) { // "Score: 1" may be the beginning of 10
            return Reading.none("reply: the line " + wanted + " is at the limit of tokens, where it may be cut off");
        }
        if (decisions > 1) {
            return Reading.none("reply: expected one line of the form " + wanted + ", found " + decisions);
        }
        return new Reading<>(last.group(1), "", String.join("\n", lines.subList(0, lines.size() - 1)));
    }
}
