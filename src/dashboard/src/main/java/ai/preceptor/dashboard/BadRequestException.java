package ai.preceptor.dashboard;

/** A request that says something that is not legal. */
public final class BadRequestException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param problem names the parameter, the legal range and what was found */
    public BadRequestException(String problem) {
        super(problem);
    }
}
