package ai.preceptor.jinja.tree;

import ai.preceptor.jinja.builtin.Sink;

/** A statement: text, output, or a block. */
public interface Statement {
    /** How a statement ends. */
    enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    /** Does its work and writes to the sink. */
    Flow run(Frame frame, Sink sink);

    /** Tells the enclosing scope which names it reads and writes there; what inner scopes do is theirs. */
    default void declare(Symbols symbols) {}

    /** Plans the scopes inside it; called once, when the enclosing scope's names are all known. */
    default void plan(Symbols enclosing) {}
}
