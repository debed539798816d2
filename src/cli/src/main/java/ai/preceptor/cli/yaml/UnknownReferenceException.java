package ai.preceptor.cli.yaml;

/** A reference to something that is not there. */
public final class UnknownReferenceException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param told what was expected instead, to be followed by what was found */
    public UnknownReferenceException(String told) {
        super(told, null, false, false);
    }

    public String told() {
        return String.valueOf(getMessage());
    }
}
