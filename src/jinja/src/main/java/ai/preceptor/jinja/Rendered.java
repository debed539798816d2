package ai.preceptor.jinja;

import java.util.List;

/**
 * A rendered conversation.
 *
 * @param text what the model reads
 * @param assistantSpans where {@code {% generation %}} blocks wrote into the text, in the order in which they ended;
 *     empty if the template has none
 */
public record Rendered(String text, List<Span> assistantSpans) {
    public Rendered {
        assistantSpans = List.copyOf(assistantSpans);
    }

    /**
     * A stretch of the text, in Java {@code char} offsets.
     *
     * @param start first char
     * @param end one past the last char
     */
    public record Span(int start, int end) {}
}
