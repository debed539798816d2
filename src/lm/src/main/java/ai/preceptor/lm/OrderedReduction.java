package ai.preceptor.lm;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.torch.Kernels;
import ai.preceptor.lm.torch.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Lets the lanes of a backward pass add to the same gradients one after another and always in the same order, so that sums come
 * out the same each time. The first lane writes where the gradients are; the others into room of their own, which they add.
 */
final class OrderedReduction {
    private final Kernels kernels;
    private final int[] steps;
    private @Nullable Throwable failure;

    OrderedReduction(Kernels kernels, int lanes) {
        this.kernels = kernels;
        this.steps = new int[lanes];
    }

    /** Where a lane writes what belongs into {@code gradients}. */
    NDArray[] room(Scope owner, int lane, NDArray[] gradients) {
        return lane == 0 || gradients.length == 0
                ? gradients
                : kernels.callMany(owner, "rooms_like", (Object) gradients);
    }

    /** Ends a lane's step: adds what it wrote as soon as the lane before it has ended the same step. */
    void add(int lane, NDArray[][] gradients, NDArray[][] written) {
        take(lane, () -> {
            for (int i = 0; i < written.length; i++) {
                if (written[i] != gradients[i]) {
                    kernels.run("add_all", gradients[i], written[i]);
                }
            }
        });
    }

    /** Ends a lane's step with what may run only after the lane before it has ended the same step. */
    void take(int lane, Runnable work) {
        await(lane);
        work.run();
        end(lane);
    }

    private synchronized void await(int lane) {
        boolean interrupted = false;
        while (lane > 0 && steps[lane - 1] <= steps[lane] && failure == null) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true; // the lane before will end its step or abandon all
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (lane > 0 && failure != null) {
            throw new IllegalStateException("another lane of this pass failed", failure);
        }
    }

    private synchronized void end(int lane) {
        steps[lane]++;
        notifyAll();
    }

    /** Wakes lanes that wait for one that failed; they fail too, for the first cause. */
    synchronized void abandon(Throwable cause) {
        failure = failure == null ? cause : failure;
        notifyAll();
    }
}
