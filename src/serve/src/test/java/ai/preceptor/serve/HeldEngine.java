package ai.preceptor.serve;

import ai.preceptor.lm.engine.EngineSession;
import ai.preceptor.lm.engine.EngineStatistics;
import ai.preceptor.lm.engine.GenerationEvent;
import ai.preceptor.lm.engine.GenerationHandle;
import ai.preceptor.lm.generate.GenerationRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An engine that steps only as often as a test lets it. */
final class HeldEngine implements UnaryOperator<EngineSession> {
    private static final int ALL = 1 << 28;

    final List<GenerationHandle> submitted = new CopyOnWriteArrayList<>();
    private final Semaphore steps = new Semaphore(0);
    private volatile @Nullable CountDownLatch wanted;
    private volatile @Nullable RuntimeException failure;
    private volatile boolean closed;

    /** Lets it make so many steps. */
    void step(int count) {
        steps.release(count);
    }

    /** Lets it go on by itself. */
    void free() {
        steps.release(ALL);
    }

    /** Whether it is in a step that it is not let make. */
    boolean isHeld() {
        return steps.hasQueuedThreads();
    }

    boolean isClosed() {
        return closed;
    }

    /** Its next step throws. */
    void fail(RuntimeException cause) {
        failure = cause;
        steps.release();
    }

    /** Waits until so many more requests have been submitted than when this was asked for. */
    CountDownLatch afterSubmitting(int requests) {
        CountDownLatch latch = new CountDownLatch(requests);
        wanted = latch;
        return latch;
    }

    @Override
    public EngineSession apply(EngineSession session) {
        return new EngineSession() {
            @Override
            public GenerationHandle submit(GenerationRequest request) {
                GenerationHandle handle = session.submit(request);
                submitted.add(handle);
                CountDownLatch latch = wanted;
                if (latch != null) {
                    latch.countDown();
                }
                return handle;
            }

            @Override
            public boolean isIdle() {
                return session.isIdle();
            }

            @Override
            public List<GenerationEvent> step() {
                steps.acquireUninterruptibly();
                RuntimeException cause = failure;
                if (cause != null) {
                    throw cause;
                }
                return session.step();
            }

            @Override
            public EngineStatistics statistics() {
                return session.statistics();
            }

            @Override
            public void close() {
                session.close();
                closed = true;
            }
        };
    }
}
