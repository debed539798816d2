package ai.preceptor.jinja;

/** A chat template that cannot be compiled, or that failed or refused to render. */
public final class TemplateException extends RuntimeException {
    private final int line;

    TemplateException(String message, int line) {
        super("chat template, line " + line + ": " + message);
        this.line = line;
    }

    /** The line of the template where it happened, counted from 1. */
    public int line() {
        return line;
    }
}
