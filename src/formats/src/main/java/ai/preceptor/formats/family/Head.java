package ai.preceptor.formats.family;

/** What stands above a decoder's hidden states. */
public enum Head {
    /** Logits of the next token. */
    VOCABULARY,
    /** One score of a whole text, read at its last token; of an ensemble several. */
    REWARD,
    /** Two labels of each token that ends a step: whether the step is wrong (0) or right (1). */
    PROCESS_REWARD
}
