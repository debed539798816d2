package ai.preceptor.teacher.judge;

import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatReply;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

    /** A decision, or the reason why there is none. */
    record Decision(@Nullable String value, String problem) {
        /** One or the other as something else. */
        <T> T map(Function<String, T> decided, Function<String, T> undecided) {
            return value == null ? undecided.apply(problem) : decided.apply(value);
        }
    }

    Decision of(Asked asked) {
        ChatReply reply = asked.reply();
        if (reply == null) {
            return new Decision(null, String.valueOf(asked.problem()));
        }
        List<String> lines = reply.text()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        long decisions = lines.stream().filter(form.asMatchPredicate()).count();
        Matcher last = form.matcher(lines.isEmpty() ? "" : lines.get(lines.size() - 1));
        if (!last.matches()) {
            return new Decision(
                    null,
                    "reply: expected a last line of the form " + wanted + ", found "
                            + (lines.isEmpty() ? "nothing" : ChatReply.excerpt(lines.get(lines.size() - 1)))
                            + (reply.finishReason().equals("length") ? " at the limit of tokens" : ""));
        }
        if (decisions > 1) {
            return new Decision(null, "reply: expected one line of the form " + wanted + ", found " + decisions);
        }
        return new Decision(last.group(1), "");
    }
}
