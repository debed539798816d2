package ai.preceptor.lm;

/** What a forward pass is for. */
enum PassMode {
    /** To learn from: activations are kept, adapters drop inputs. */
    TRAINING,
    /** To be read. */
    SCORING,
    /** To be read as if the model had not been trained: without its adapter, or with the one it started from. */
    REFERENCE;

    boolean keeps() {
        return this == TRAINING;
    }
}
