package ai.preceptor.cli.config;

/** A reference to something that is not there. */
public final class UnknownReferenceException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String told;

    /** @param told what was expected instead, to be followed by what was found */
    public UnknownReferenceException(String told) {
        super(told, null, false, false);
        this.told = told;
    }

    String told() {
        return told;
    }
}
