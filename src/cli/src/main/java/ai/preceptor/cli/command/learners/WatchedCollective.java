package ai.preceptor.cli.command.learners;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.lm.collective.LostLearnerException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Adds to the news that a learner is lost what became of its process.
 *
 * @param endings of the processes that ended, in words
 */
record WatchedCollective(Collective group, Supplier<List<String>> endings) implements Collective {
    private static final int LOOKS = 20;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

    @Override
    public int rank() {
        return group.rank();
    }

    @Override
    public int world() {
        return group.world();
    }

    @Override
    public void sum(NDArray[] tensors) {
        watched(() -> group.sum(tensors));
    }

    @Override
    public void sum(double[] values) {
        watched(() -> group.sum(values));
    }

    @Override
    public void broadcast(NDArray[] tensors, int source) {
        watched(() -> group.broadcast(tensors, source));
    }

    private void watched(Runnable exchange) {
        try {
            exchange.run();
        } catch (LostLearnerException lost) {
            List<String> ended = endings.get();
            for (int look = 0; look < LOOKS && ended.isEmpty(); look++) { // the connection ends before the process does
                LockSupport.parkNanos(PAUSE);
                ended = endings.get();
            }
            throw ended.isEmpty()
                    ? lost
                    : new LostLearnerException(lost.getMessage() + ": " + String.join("; ", ended), lost);
        }
    }

    @Override
    public void close() {
        group.close();
    }
}
