package ai.preceptor.teacher.prompts;

import java.util.Locale;

/** What Evol-Instruct does to a prompt. */
public enum EvolveOperation {
    /** Adds a constraint. */
    CONSTRAINTS,
    /** Asks deeper and wider. */
    DEEPEN,
    /** Says specific things in the place of general ones. */
    CONCRETIZE,
    /** Asks for several steps of thought. */
    REASONING,
    /** Adds an input: a table, code, a formula. */
    COMPLICATE,
    /** Asks something else of the same field. */
    BREADTH;

    /** The name of its template, and its column. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
