package ai.preceptor.data;

/** A run that was interrupted and has saved its state. The command line ends with exit code 130. */
public class InterruptedRunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message says where the state is and how to go on. */
    public InterruptedRunException(String message) {
        super(message);
    }
}
