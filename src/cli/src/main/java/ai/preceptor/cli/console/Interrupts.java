package ai.preceptor.cli.console;

import ai.preceptor.train.Interrupt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Treats Ctrl-C as a request to stop, from the first time that a command asks for it; before that it ends the process
 * immediately, since there is nothing to save. Every stage of a recipe gets the same one, so that none is lost between
 * two of them.
 */
final class Interrupts implements Supplier<Interrupt> {
    private @Nullable Interrupt interrupt;

    @Override
    public synchronized Interrupt get() {
        if (interrupt == null) {
            interrupt = Interrupt.onSignals();
        }
        return interrupt;
    }
}
