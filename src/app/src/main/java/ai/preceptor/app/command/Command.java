package ai.preceptor.app.command;

import ai.preceptor.app.console.Terminal;

/**
 * One thing the command line can do.
 *
 * @param <C> its configuration
 */
public interface Command<C extends Record> {
    /** The word that calls it. */
    String name();

    /** What it does, in one line that starts with a verb. */
    String summary();

    /** The record that says which keys it takes. */
    Class<C> configuration();

    /**
     * Does it. Failures are exceptions; {@link ExitCode} says what they mean to the caller of the process.
     *
     * @param configuration checked
     * @param terminal where to print
     */
    void run(C configuration, Terminal terminal);
}
