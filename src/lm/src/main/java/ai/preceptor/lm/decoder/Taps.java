package ai.preceptor.lm.decoder;

/**
 * What is wanted of a pass besides what it is run for.
 *
 * @param states layers, counted from 1, whose output at the sources is wanted
 * @param attention layers, counted from 1, whose attention at the sources is wanted: the mean over heads of its probabilities
 */
@SuppressWarnings("ArrayRecordComponent") // read by the pass, compared by nobody
public record Taps(int[] states, int[] attention) {
    /** Nothing. */
    public static final Taps NONE = new Taps(new int[0], new int[0]);

    /** Outputs of layers alone. */
    public static Taps states(int... layers) {
        return new Taps(layers, new int[0]);
    }
}
