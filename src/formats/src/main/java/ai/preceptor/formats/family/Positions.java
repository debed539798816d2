package ai.preceptor.formats.family;

import ai.preceptor.formats.rope.RopeParameters;
import ai.preceptor.formats.rope.RopeScaling;
import java.util.Collections;
import java.util.List;

/**
 * How layers encode positions, and the attention window of each.
 *
 * @param ropes the different rotary embeddings; none for learned positions
 * @param ropeOf for each layer, its place in {@code ropes}, or {@link #NONE}
 * @param windowOf for each layer, how many tokens a query sees, itself included, or 0 for all before it; layers that have
 *     a window have the same
 * @param learned rows of a learned table of positions that is added to the embeddings, 0 for none
 */
public record Positions(List<RopeParameters> ropes, List<Integer> ropeOf, List<Integer> windowOf, int learned) {
    /** In {@code ropeOf}: the layer has no rotary embedding. */
    public static final int NONE = -1;

    /** Copies the lists. */
    public Positions {
        ropes = List.copyOf(ropes);
        ropeOf = List.copyOf(ropeOf);
        windowOf = List.copyOf(windowOf);
    }

    /** All layers alike. */
    static Positions rotary(RopeParameters rope, int window, int layers) {
        return rotary(rope, Collections.nCopies(layers, window));
    }

    /** One rotary embedding, a window for each layer. */
    static Positions rotary(RopeParameters rope, List<Integer> windows) {
        return new Positions(List.of(rope), Collections.nCopies(windows.size(), 0), windows, 0);
    }

    /** A learned table of so many positions. */
    static Positions learned(int rows, int layers) {
        return new Positions(List.of(), Collections.nCopies(layers, NONE), Collections.nCopies(layers, 0), rows);
    }

    /** The longest sequence whose rotary angles are the same for shorter ones. */
    public int steadyLength() {
        return ropes.stream().mapToInt(RopeParameters::steadyLength).min().orElse(Integer.MAX_VALUE);
    }

    /**
     * The longest sequence that may grow by a token at a time: beyond it {@code longrope} changes the angles of all positions.
     *
     * @param context of the model
     */
    public int growingLength(int context) {
        return ropes.stream()
                .filter(rope -> rope.scaling() instanceof RopeScaling.LongRope)
                .mapToInt(RopeParameters::steadyLength)
                .reduce(context, Math::min);
    }

    /** The window of those layers that have one, 0 when none does. */
    public int window() {
        return windowOf.stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /** For each layer, whether it has the window. */
    public List<Boolean> windowed() {
        return windowOf.stream().map(window -> window > 0).toList();
    }
}
