package ai.preceptor.teacher.judge;

import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatReply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses several decisions strictly: the last lines of a reply, one for each item, and no line of that form before them.
 * An item that is decided twice makes the whole reply worthless, since an answer may have talked it into that; one that
 * is missing is just not there.
 *
 * @param form a whole line; its first group is the item, its second the decision
 * @param wanted the form in words
 */
record ItemLines(Pattern form, String wanted) {
    /** Decisions by their items; at least one. */
    Reading<Map<String, String>> of(Asked asked) {
        return Reading.of(asked, this::read);
    }

    private Reading<Map<String, String>> read(List<String> lines, boolean cut) {
        Map<String, String> items = new LinkedHashMap<>();
        int from = lines.size();
        for (int i = 0; i < lines.size(); i++) {
            Matcher line = form.matcher(lines.get(i));
            if (line.matches()) {
                from = Math.min(from, i);
                if (items.put(line.group(1), line.group(2)) != null) {
                    return Reading.none("reply: expected one line for " + line.group(1) + ", found several");
                }
            } else if (i > from) {
                return Reading.none(
                        "reply: expected last lines of the form " + wanted + " and nothing after them, found "
                                + ChatReply.excerpt(lines.get(i)) + (cut ? " at the limit of tokens" : ""));
            }
        }
        if (items.isEmpty()) {
            return Reading.none("reply: expected last lines of the form " + wanted + ", found "
                    + (lines.isEmpty() ? "nothing" : ChatReply.excerpt(lines.get(lines.size() - 1)))
                    + (cut ? " at the limit of tokens" : ""));
        }
        if (cut) {
            return Reading.none("reply: lines " + wanted + " are at the limit of tokens, where they may be cut off");
        }
        return new Reading<>(items, "", String.join("\n", lines.subList(0, from)));
    }
}
