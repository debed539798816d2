package ai.preceptor.train;

/**
 * Training that cannot continue: the loss or the gradient of a step is not a finite number. Nothing of that step has
 * reached the parameters, and the message says where the state before it was saved.
 */
public class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message names step, value, rows and what to try. */
    public DivergedException(String message) {
        super(message);
    }
}
