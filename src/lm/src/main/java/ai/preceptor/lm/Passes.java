package ai.preceptor.lm;

/** Checks that every pass makes of a gradient. */
final class Passes {
    private Passes() {}

    static void check(float[] gradient, int outputs, boolean used) {
        if (gradient.length != outputs) {
            throw new IllegalArgumentException(
                    "gradient of " + gradient.length + " numbers for a pass with " + outputs + " outputs");
        }
        if (used) {
            throw new IllegalStateException("backward was called on this pass before; its activations are gone");
        }
    }
}
