package ai.preceptor.lm.weights;

/** What a forward pass is for. */
public enum PassMode {
    /** To learn from: activations are kept, adapters drop inputs. */
    TRAINING,
    /** To be read. */
    SCORING,
    /** To be read as if the model had not been trained: without its adapter, or with the one it started from. */
    REFERENCE;

    public boolean keeps() {
        return this == TRAINING;
    }
}
