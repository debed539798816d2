package ai.preceptor.cli.command.workers;

import ai.preceptor.train.Interrupt;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Interrupts this thread, while it computes or waits, when a stop is asked for; not while it reads inputs or writes results, since an
 * interrupt closes their files.
 *
 * @param interrupt who asks
 */
record StoppableRun(Interrupt interrupt) {
    <I, O> void run(Chunks<I, O> chunks, Iterator<I> inputs, Consumer<O> results) {
        Iterator<I> read = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return undisturbed(inputs::hasNext);
            }

            @Override
            public I next() {
                return undisturbed(inputs::next);
            }
        };
        try {
            interrupt.interruptThread();
            chunks.run(
                    read,
                    result -> undisturbed(() -> {
                        results.accept(result);
                        return true;
                    }));
        } finally {
            interrupt.leaveThread();
        }
    }

    private <T> T undisturbed(Supplier<T> action) {
        interrupt.leaveThread();
        try {
            return action.get();
        } finally {
            interrupt.interruptThread();
        }
    }
}
