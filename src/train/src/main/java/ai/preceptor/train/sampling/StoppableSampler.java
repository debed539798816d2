package ai.preceptor.train.sampling;

import ai.preceptor.data.Trajectory;
import ai.preceptor.train.Interrupt;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.run.RunRequest;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sampler in other processes, which may be away for long: a request to stop ends its waits. There are no more answers then, and the
 * loop, which looks for the request after each batch, saves its state.
 */
public final class StoppableSampler implements PolicySampler {
    private static final Logger LOG = LoggerFactory.getLogger(StoppableSampler.class);

    /** Between two looks for a request of another process, in milliseconds. */
    private static final long LOOK_MILLIS = 500;

    private final LoopSetting loop;
    private final PolicySampler own;
    private boolean stopped;

    private StoppableSampler(LoopSetting loop, long cursor, Supplier<PolicySampler> opening) {
        this.loop = loop;
        this.own = unlessStopped(opening, new Nothing(cursor));
    }

    /**
     * Opens a sampler, unless a stop is asked for meanwhile.
     *
     * @param loop whose run may be asked to stop
     * @param cursor place of the first prompt
     * @param opening opens it; its waits end when the thread is interrupted, and so do its sampler's
     */
    public static StoppableSampler open(LoopSetting loop, long cursor, Supplier<PolicySampler> opening) {
        return new StoppableSampler(loop, cursor, opening);
    }

    private <T> T unlessStopped(Supplier<T> waiting, T otherwise) {
        if (stopped) {
            return otherwise;
        }
        Interrupt interrupt = loop.interrupt();
        ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "stop-requests");
            thread.setDaemon(true);
            return thread;
        });
        Future<?> looks = looking.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        try {
            interrupt.interruptThread();
            return waiting.get();
        } catch (RuntimeException e) {
            if (!interrupt.isRequested()) {
                throw e;
            }
            LOG.info("sampling was stopped: {}", e.getMessage());
            stopped = true;
            return otherwise;
        } finally {
            looks.cancel(false);
            looking.shutdownNow();
            interrupt.leaveThread();
        }
    }

    /** The loop looks between steps only. */
    private void look() {
        if (loop.store().takes(RunRequest.STOP)) {
            loop.interrupt().request();
        }
    }

    @Override
    public List<Trajectory> next(int prompts) {
        return unlessStopped(() -> own.next(prompts), List.of());
    }

    @Override
    public void publish(long version) {
        unlessStopped(
                () -> {
                    own.publish(version);
                    return version;
                },
                version);
    }

    @Override
    public long cursor() {
        return own.cursor();
    }

    @Override
    public boolean reports() {
        return own.reports();
    }

    @Override
    public void close() {
        own.close();
    }

    /** In place of a sampler that was not opened. */
    private record Nothing(long cursor) implements PolicySampler {
        @Override
        public List<Trajectory> next(int prompts) {
            return List.of();
        }

        @Override
        public void publish(long version) {}

        @Override
        public void close() {}
    }
}
