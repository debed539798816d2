package ai.preceptor.jinja;

/** What {@code value | name(arguments)} does. */
@FunctionalInterface
interface ValueFilter {
    /** @throws EvaluationError on a value or argument it does not take */
    Object apply(Rendering rendering, Object value, Arguments arguments);
}
