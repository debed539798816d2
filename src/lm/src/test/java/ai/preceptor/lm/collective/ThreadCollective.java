package ai.preceptor.lm.collective;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Learners that are threads of one process, which exchange through arrays. */
public final class ThreadCollective implements Collective {
    private final Group group;
    private final int rank;
    private final long timeoutMillis;
    private Torch torch;

    private ThreadCollective(Group group, int rank, long timeoutMillis) {
        this.group = group;
        this.rank = rank;
        this.timeoutMillis = timeoutMillis;
    }

    /** What a learner does. */
    public interface Work<T> {
        T with(Collective learners) throws Exception;
    }

    private static final class Group {
        final CyclicBarrier barrier;
        final Object[] given;
        volatile boolean left;

        Group(int world) {
            barrier = new CyclicBarrier(world);
            given = new Object[world];
        }
    }

    /** A group that is used by one thread each; a learner waits a minute for another. */
    public static List<Collective> group(int world) {
        return group(world, Duration.ofMinutes(1));
    }

    public static List<Collective> group(int world, Duration timeout) {
        Group group = new Group(world);
        List<Collective> all = new ArrayList<>();
        for (int rank = 0; rank < world; rank++) {
            all.add(new ThreadCollective(group, rank, timeout.toMillis()));
        }
        return all;
    }

    /** Has each learner work on a thread of its own, and gives the results by rank; what a learner throws is thrown. */
    public static <T> List<T> each(List<Collective> learners, Work<T> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(learners.size());
        try {
            List<Future<T>> running = new ArrayList<>();
            for (Collective learner : learners) {
                running.add(threads.submit((Callable<T>) () -> {
                    try (learner) {
                        return work.with(learner);
                    }
                }));
            }
            List<T> results = new ArrayList<>();
            Exception failure = null;
            for (Future<T> one : running) {
                try {
                    results.add(one.get());
                } catch (ExecutionException e) {
                    Exception cause = (Exception) e.getCause();
                    if (failure == null || failure instanceof LostLearnerException) {
                        failure = cause;
                    }
                }
            }
            if (failure != null) {
                throw failure;
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int world() {
        return group.given.length;
    }

    @Override
    public void sum(NDArray[] tensors) {
        List<Object> all =
                exchange(Arrays.stream(tensors).map(NDArray::toFloatArray).toArray(float[][]::new));
        for (int i = 0; i < tensors.length; i++) {
            float[] sum = new float[(int) tensors[i].size()];
            for (Object one : all) {
                float[] given = ((float[][]) one)[i];
                for (int k = 0; k < sum.length; k++) {
                    sum[k] += given[k];
                }
            }
            write(tensors[i], sum);
        }
    }

    @Override
    public void sum(double[] values) {
        List<Object> all = exchange(values.clone());
        Arrays.fill(values, 0);
        for (Object one : all) {
            double[] given = (double[]) one;
            for (int i = 0; i < values.length; i++) {
                values[i] += given[i];
            }
        }
    }

    @Override
    public void broadcast(NDArray[] tensors, int source) {
        float[][] given = (float[][])
                exchange(Arrays.stream(tensors).map(NDArray::toFloatArray).toArray(float[][]::new))
                        .get(source);
        for (int i = 0; i < tensors.length; i++) {
            write(tensors[i], given[i]);
        }
    }

    /** By a kernel, since a model's tensors cannot be written to outside of one. */
    private void write(NDArray target, float[] numbers) {
        if (torch == null) {
            torch = Torch.open("cpu", 1);
        }
        try (Scope scope = torch.scope()) {
            torch.kernels()
                    .tensors()
                    .copyInto(target, scope.floats(numbers, target.getShape().getShape()));
        }
    }

    private List<Object> exchange(Object mine) {
        group.given[rank] = mine;
        await();
        List<Object> all = List.of(group.given.clone());
        await();
        return all;
    }

    private void await() {
        try {
            if (group.left) {
                throw new BrokenBarrierException();
            }
            group.barrier.await(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (BrokenBarrierException | TimeoutException e) {
            throw new LostLearnerException("learner " + rank + " of " + world() + " lost another", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LostLearnerException("learner " + rank + " was interrupted", e);
        }
    }

    /** Whoever waits for this one, or will, has lost it. */
    @Override
    public void close() {
        group.left = true;
        group.barrier.reset();
        if (torch != null) {
            torch.close();
            torch = null;
        }
    }
}
