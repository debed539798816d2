package ai.preceptor.lm.weights;

/** What a forward pass is for. */
public enum PassMode {
    /** For a backward pass: activations are kept, adapters drop inputs. */
    TRAINING,
    /** For its numbers only. */
    SCORING,
    /** For its numbers as if the model had not been trained: without its adapter, or with the one it started from. */
    REFERENCE;

    public boolean keeps() {
        return this == TRAINING;
    }
}
