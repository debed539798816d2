package ai.preceptor.jinja;

import ai.preceptor.jinja.builtin.Rendering;
import ai.preceptor.jinja.tree.Body;
import ai.preceptor.jinja.tree.Frame;
import ai.preceptor.jinja.tree.Statement;
import ai.preceptor.jinja.tree.Symbols;
import ai.preceptor.jinja.value.EvaluationError;
import ai.preceptor.jinja.value.Limits;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A chat template: turns messages into the text that a model was trained on.
 *
 * <p>Renders as transformers does ({@code apply_chat_template} of 5.23, on Jinja 3.1.6): same white space, same
 * values, same errors. Compiled once, it may be used by many threads.
 */
public final class ChatTemplate {
    private final Body body;
    private final Symbols scope;
    private final Clock clock;
    private final Limits limits;

    private ChatTemplate(List<Statement> statements, Clock clock, Limits limits) {
        this.body = new Body(statements);
        this.scope = new Symbols(null);
        body.declare(scope);
        body.plan(scope);
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * Compiles a template; {@code strftime_now} tells the time of this machine.
     *
     * @throws TemplateException if it is not a template, or uses a tag, filter or test that does not exist
     */
    public static ChatTemplate compile(String source) {
        return compile(source, Clock.system(ZoneId.systemDefault()));
    }

    /**
     * Compiles a template.
     *
     * @param clock what {@code strftime_now} tells
     * @throws TemplateException if it is not a template, or uses a tag, filter or test that does not exist
     */
    public static ChatTemplate compile(String source, Clock clock) {
        return compile(source, clock, Limits.DEFAULT);
    }

    static ChatTemplate compile(String source, Clock clock, Limits limits) {
        try {
            return new ChatTemplate(StatementParser.parse(Lexer.tokenize(source)), clock, limits);
        } catch (StackOverflowError e) {
            throw new TemplateException("nests too deep for the stack of this thread", 1);
        }
    }

    /**
     * Renders a conversation.
     *
     * @param messages maps with {@code role}, {@code content} and anything else the template reads, such as
     *     {@code tool_calls} or {@code reasoning_content}; values are JSON-like
     * @throws TemplateException if the template refuses the messages ({@code raise_exception}), meets a value it cannot
     *     handle, or does more than templates may
     */
    public Rendered render(List<? extends Map<String, ? extends @Nullable Object>> messages, RenderOptions options) {
        Rendering rendering;
        try {
            rendering = new Rendering(TemplateVariables.of(messages, options, limits), limits, clock);
        } catch (EvaluationError e) {
            throw new TemplateException(e.reason(), 1);
        }
        try {
            body.run(Frame.root(rendering, scope), rendering.sink());
        } catch (EvaluationError e) {
            throw new TemplateException(e.reason(), rendering.line());
        } catch (StackOverflowError e) {
            // The limits on nesting are meant to come first; a thread with a small stack may be faster.
            throw new TemplateException("nests too deep for the stack of this thread", rendering.line());
        }
        return result(rendering);
    }

    /** A block whose text was dropped must not point beyond the text. */
    private static Rendered result(Rendering rendering) {
        String text = rendering.sink().text();
        return new Rendered(
                text,
                rendering.spans().stream()
                        .map(span -> new Rendered.Span(
                                Math.min(span.start(), text.length()), Math.min(span.end(), text.length())))
                        .toList());
    }
}
