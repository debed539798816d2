package ai.preceptor.cli.plugin;

/** What a user's own code threw; both its message and its text begin with the file and line that it came from. */
public final class OwnCodeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param thrown by the user's code */
    public OwnCodeException(Throwable thrown) {
        super(OwnCode.told(thrown), thrown);
    }

    /** Without the name of this class, which says nothing to a user. */
    @Override
    @SuppressWarnings("OverrideThrowableToString")
    public String toString() {
        return String.valueOf(getMessage());
    }
}
