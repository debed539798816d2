package ai.preceptor.jinja.tree;

import ai.preceptor.jinja.builtin.Sink;

/** A statement: text, output, or a block. */
public interface Statement extends Declaring {
    /** How a statement ends. */
    enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    /** Does its work and writes to the sink. */
    Flow run(Frame frame, Sink sink);

    /** Plans the scopes inside it; called once, when the enclosing scope's names are all known. */
    default void plan(Symbols enclosing) {}
}
