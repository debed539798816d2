package ai.preceptor.rollout.actor;

import ai.preceptor.data.TeacherException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Exclusive use of the device that generates.
 *
 * <p>Where learner and generator share one model on one device ({@link #shared}), the generator
 * holds the device while the learner waits in {@code next} or {@code publish}, and the learner holds it at all other times.
 * So a training step never overlaps generation. Where the generator has weights and a device of its
 * own ({@link #separate}), both run at once, and the generator takes new weights inside {@code publish}.
 */
public final class DeviceLease {
    private final @Nullable Semaphore free;
    private volatile String holder = "nobody";

    private DeviceLease(@Nullable Semaphore free) {
        this.free = free;
    }

    /** One model for both: generation and training alternate. */
    public static DeviceLease shared() {
        return new DeviceLease(new Semaphore(1, true));
    }

    /** A model for each: both may run at once. */
    public static DeviceLease separate() {
        return new DeviceLease(null);
    }

    /** True if learner and generator share one model. */
    public boolean isShared() {
        return free != null;
    }

    /** Name of the current holder, for messages. */
    String holder() {
        return holder;
    }

    /**
     * Acquires the device.
     *
     * @param who the new holder's name
     * @param atMost longest wait
     * @return to be closed when the device is no longer used, by any thread
     * @throws TeacherException if another holder keeps it longer than that
     * @throws CancellationException if the thread is interrupted
     */
    public Hold take(String who, Duration atMost) {
        if (free == null) {
            return () -> {};
        }
        try {
            if (!free.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new TeacherException(
                        who + ": the device is kept by the " + holder() + " for longer than " + atMost);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException(who + ": interrupted while waiting for the device");
        }
        holder = who;
        AtomicBoolean held = new AtomicBoolean(true);
        return () -> {
            if (held.getAndSet(false)) { // once, however often it is closed
                holder = "nobody";
                free.release();
            }
        };
    }

    /** The right to use the device until it is closed. */
    public interface Hold extends AutoCloseable {
        @Override
        void close();
    }
}
