package ai.preceptor.jinja;

/** What {@code value is name(arguments)} asks. */
@FunctionalInterface
interface ValueTest {
    /** @throws EvaluationError on a value or argument it does not take */
    boolean holds(Rendering rendering, Object value, Arguments arguments);
}
