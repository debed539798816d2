package ai.preceptor.formats.rope;

/**
 * Rotary position embedding of a model.
 *
 * @param theta base of the geometric series of wavelengths, above 0
 * @param scaling how it is stretched
 * @param part how much of a head is rotated, from its first element on, in (0, 1]
 */
public record RopeParameters(double theta, RopeScaling scaling, double part) {
    /** All of a head is rotated. */
    public RopeParameters(double theta, RopeScaling scaling) {
        this(theta, scaling, 1);
    }

    /** Rotated elements of a head. */
    public int rotated(int headDim) {
        return (int) (headDim * part);
    }

    /**
     * The longest sequence whose angles are the same for shorter ones: angles of scalings that depend on the length
     * change beyond it.
     */
    public int steadyLength() {
        if (scaling instanceof RopeScaling.Dynamic dynamic) {
            return dynamic.originalContext();
        }
        return scaling instanceof RopeScaling.LongRope rope ? rope.originalContext() : Integer.MAX_VALUE;
    }
}
