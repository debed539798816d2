package ai.preceptor.jinja;

/** A statement: text, output, or a block. */
interface Statement extends Declaring {
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
