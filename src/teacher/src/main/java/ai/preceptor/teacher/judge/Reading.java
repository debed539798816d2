package ai.preceptor.teacher.judge;

import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatReply;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What was read in a reply.
 *
 * @param value the decision; null if there is none
 * @param problem why there is none
 * @param critique the words before it
 */
record Reading<T>(@Nullable T value, String problem, String critique) {
    static <T> Reading<T> none(String problem) {
        return new Reading<>(null, problem, "");
    }

    /** Lines of a reply, without blank ones, or the reason why there is no reply. */
    static <T> Reading<T> of(Asked asked, BiFunction<List<String>, Boolean, Reading<T>> read) {
        ChatReply reply = asked.reply();
        if (reply == null) {
            return none(String.valueOf(asked.problem()));
        }
        List<String> lines = reply.text()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        return read.apply(lines, reply.isTruncated());
    }
}
