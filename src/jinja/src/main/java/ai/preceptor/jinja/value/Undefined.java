package ai.preceptor.jinja.value;

/**
 * The value of a name, attribute or element that does not exist: empty as text and in loops, false, and an error in any
 * other use.
 *
 * @param message the error of any other use
 */
public record Undefined(String message) {
    public static Undefined name(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    public static Undefined attribute(Object owner, String name) {
        return new Undefined("'" + Types.name(owner) + "' has no attribute '" + name + "'");
    }

    public static Undefined element(Object owner, Object key) {
        return new Undefined("'" + Types.name(owner) + "' has no element " + Repr.brief(key));
    }

    /** Attributes that would let a template change values or reach the program behind it. */
    public static Undefined unsafe(Object owner, String name) {
        return new Undefined(
                "attribute '" + name + "' of '" + Types.name(owner) + "' is not available to chat templates");
    }

    /** @throws EvaluationError if the value is undefined */
    public static void requireDefined(Object value) {
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
    }

    private EvaluationError error() {
        return new EvaluationError(message);
    }
}
