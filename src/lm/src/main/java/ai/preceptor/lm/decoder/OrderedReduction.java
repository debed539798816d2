package ai.preceptor.lm.decoder;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.TensorKernels;
import org.jspecify.annotations.Nullable;

/**
 * Adds the gradients of a backward pass's shards one after another and always in the same order, so that sums are
 * reproducible. The first shard writes the gradients themselves; the others write buffers, which are added.
 */
final class OrderedReduction {
    private final TensorKernels kernels;
    private final int[] steps;
    private @Nullable Throwable failure;

    OrderedReduction(TensorKernels kernels, int shards) {
        this.kernels = kernels;
        this.steps = new int[shards];
    }

    /** Where a shard writes its part of {@code gradients}. */
    NDArray[] room(Scope owner, int shard, NDArray[] gradients) {
        return shard == 0 || gradients.length == 0 ? gradients : kernels.roomsLike(owner, gradients);
    }

    /** Ends a shard's step: adds its buffers once the previous shard has ended the same step. */
    void add(int shard, NDArray[][] gradients, NDArray[][] written) {
        take(shard, () -> {
            for (int i = 0; i < written.length; i++) {
                if (written[i] != gradients[i]) {
                    kernels.addAll(gradients[i], written[i]);
                }
            }
        });
    }

    /** Ends a shard's step with an action that runs only after the previous shard has ended the same step. */
    void take(int shard, Runnable work) {
        await(shard);
        work.run();
        end(shard);
    }

    private synchronized void await(int shard) {
        boolean interrupted = false;
        while (shard > 0 && steps[shard - 1] <= steps[shard] && failure == null) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true; // the previous shard will end its step or abandon all
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (shard > 0 && failure != null) {
            throw new IllegalStateException("another shard of this pass failed", failure);
        }
    }

    private synchronized void end(int shard) {
        steps[shard]++;
        notifyAll();
    }

    /** Wakes shards that wait for one that failed; they fail too, with the first cause. */
    synchronized void abandon(Throwable cause) {
        failure = failure == null ? cause : failure;
        notifyAll();
    }
}
