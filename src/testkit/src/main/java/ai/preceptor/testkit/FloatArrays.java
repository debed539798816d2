package ai.preceptor.testkit;

/**
 * Compares the numbers of tensors in one pass. AssertJ's comparison of arrays within a tolerance takes time that grows with the
 * square of their length: seconds for the gradients of a tiny model.
 */
public final class FloatArrays {
    private FloatArrays() {}

    /**
     * Fails unless two arrays are as long as each other and no number is farther than the tolerance from its counterpart. NaN
     * is near nothing.
     *
     * @param what names the case for the message
     * @param found what is tested
     * @param expected what it should be
     * @param tolerance largest absolute difference, at least 0
     * @throws AssertionError if they differ, with the first place where they do
     */
    public static void assertClose(String what, float[] found, float[] expected, double tolerance) {
        double[] wide = new double[expected.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = expected[i];
        }
        assertClose(what, found, wide, tolerance);
    }

    /** The same with expected numbers that were computed in double precision. */
    public static void assertClose(String what, float[] found, double[] expected, double tolerance) {
        if (found.length != expected.length) {
            throw new AssertionError(what + ": " + found.length + " numbers, expected " + expected.length);
        }
        for (int i = 0; i < found.length; i++) {
            if (!(Math.abs(found[i] - expected[i]) <= tolerance)) {
                throw new AssertionError(what + ": number " + i + " is " + found[i] + ", expected " + expected[i]
                        + " within " + tolerance);
            }
        }
    }
}
