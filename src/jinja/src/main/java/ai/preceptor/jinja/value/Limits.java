package ai.preceptor.jinja.value;

/**
 * Limits on the load of a server. Templates come with models from anywhere; none of these is near what a real one
 * needs.
 *
 * @param textChars longest text a template may write or hold, in chars
 * @param steps loop rounds, calls, and elements or blocks of text handled by filters and operators, in one rendering
 * @param callDepth macros inside macros
 * @param valueDepth lists and maps inside each other
 */
public record Limits(int textChars, long steps, int callDepth, int valueDepth) {
    /** 16 Mi chars, 10 million steps, 100 calls, 200 levels. */
    public static final Limits DEFAULT = new Limits(1 << 24, 10_000_000L, 100, 200);

    /** Elements of {@code range()}, as in Jinja's sandbox. */
    public static final int RANGE = 100_000;

    /** Bits of a whole number. */
    public static final int INTEGER_BITS = 8192;

    /** Brackets, unary operators and blocks inside each other in the source. */
    public static final int NESTING = 100;

    /** Operators, accesses and filters inside one tag. */
    public static final int OPERATORS = 2000;
}
