package ai.preceptor.teacher.chat;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of a question.
 *
 * @param reply the teacher's words, or null
 * @param problem null if there is a reply, else why not
 */
public record Asked(@Nullable ChatReply reply, @Nullable String problem) {}
