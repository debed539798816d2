package ai.preceptor.jinja.tree;

/** A piece of a template that reads or writes names. */
interface Declaring {
    /** Tells the enclosing scope which names it reads and writes there; what inner scopes do is theirs. */
    void declare(Symbols symbols);
}
