package ai.preceptor.cli.console;

import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.teacher.elicit.PromptProgress;
import ai.preceptor.train.Interrupt;
import java.util.function.IntFunction;

/** Shows how many prompts are done, and ends the work between two batches when a stop was asked for. */
public final class PromptsShown implements PromptProgress, AutoCloseable {
    private final ProgressLine line;
    private final Interrupt interrupt;
    private final String details;
    private final IntFunction<String> interrupted;

    /**
     * For one piece of work.
     *
     * @param name what is being done
     * @param details what is said beside the counts
     * @param interrupted what to tell a person who interrupts, after so many prompts
     */
    public PromptsShown(Terminal terminal, String name, String details, IntFunction<String> interrupted) {
        this.line = new ProgressLine(terminal, name, System::nanoTime);
        this.interrupt = terminal.interrupt();
        this.details = details;
        this.interrupted = interrupted;
    }

    /** @throws InterruptedRunException when a stop was asked for and not all is done */
    @Override
    public void at(int done, int total) {
        if (done > 0) {
            line.update(done, total, details);
        }
        boolean stops = done < total && interrupt.isRequested();
        if (stops || done == total) {
            line.close();
        }
        if (stops) {
            throw new InterruptedRunException(interrupted.apply(done));
        }
    }

    @Override
    public void close() {
        line.close();
    }
}
