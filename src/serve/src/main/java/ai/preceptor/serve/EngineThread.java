package ai.preceptor.serve;

import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.lm.engine.EngineSession;
import ai.preceptor.lm.engine.EngineStatistics;
import ai.preceptor.lm.engine.GenerationEvent;
import ai.preceptor.lm.engine.GenerationHandle;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.serve.request.ApiException;
import ai.preceptor.serve.request.ApiRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that drives the engine. Requests come from any thread; their events are delivered on this one, so a
 * listener only passes it on.
 */
final class EngineThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineThread.class);
    private static final EngineStatistics NOTHING = new EngineStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    private static final long WARNING_SECONDS = 60;

    private final ExecutorService thread;
    private final EngineSession session;
    private final PromptReadings readings;
    private final int capacity;
    private final TokenRate rate = new TokenRate(System::nanoTime);
    private final Object monitor = new Object();
    private final Map<GenerationHandle, Registration> registered = new HashMap<>();
    private int open;
    private boolean closing;
    private @Nullable Throwable failure;
    private volatile EngineStatistics statistics = NOTHING;

    /** Hears what happens to a request. */
    interface Listener {
        /** On the engine's thread. */
        void happened(GenerationEvent event);

        /** The engine has failed; no event comes any more. */
        void failed();
    }

    /** A listener and how many samples have not ended. */
    private record Registration(Listener listener, int left) {}

    private EngineThread(ExecutorService thread, EngineSession session, PromptReadings readings, int capacity) {
        this.thread = thread;
        this.session = session;
        this.readings = readings;
        this.capacity = capacity;
    }

    /**
     * Opens an engine on a thread of its own.
     *
     * @param opener binds its thread to the device and opens a session
     * @param readings prompts that are scored between its steps
     * @param capacity samples that may be open at a time, running or waiting
     */
    static EngineThread start(Supplier<EngineSession> opener, PromptReadings readings, int capacity) {
        ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
            Thread made = new Thread(work, "engine");
            made.setDaemon(true);
            return made;
        });
        Future<EngineSession> opened = thread.submit(opener::get);
        try {
            EngineThread engine = new EngineThread(thread, opened.get(), readings, capacity);
            thread.execute(engine::run);
            return engine;
        } catch (ExecutionException e) {
            thread.shutdown();
            throw e.getCause() instanceof RuntimeException same ? same : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            thread.execute(() -> closeOpened(opened));
            thread.shutdown();
            awaitEnd(thread);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the engine was opened", e);
        }
    }

    /** Also on an interrupted thread, which stays so: the caller may free the model next, and a step uses it. */
    private static void awaitEnd(ExecutorService thread) {
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = thread.awaitTermination(WARNING_SECONDS, TimeUnit.SECONDS);
                if (!ended) {
                    LOG.warn("the engine is still in a step; the model is kept until it ends");
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeOpened(Future<EngineSession> opened) {
        try {
            opened.get().close();
        } catch (ExecutionException | InterruptedException e) {
            LOG.debug("interrupted while the engine was opened, and it was not opened", e);
        }
    }

    /**
     * Queues requests, all or none.
     *
     * @return a handle each, to cancel it by
     * @throws ApiException if there is no room for all their samples, or the engine has failed
     * @throws IllegalArgumentException if a request cannot be done
     */
    List<GenerationHandle> submit(List<GenerationRequest> requests, Listener listener) {
        int samples = requests.stream().mapToInt(GenerationRequest::samples).sum();
        synchronized (monitor) {
            requireRunning();
            if (open + samples > capacity) {
                throw ApiException.queueFull("the queue is full: " + open + " answers are running or waiting, and "
                        + samples + " more would be above " + capacity + "; try again later");
            }
            List<GenerationHandle> handles = new ArrayList<>();
            try {
                for (GenerationRequest request : requests) {
                    GenerationHandle handle = session.submit(request);
                    handles.add(handle);
                    registered.put(handle, new Registration(listener, request.samples()));
                    open += request.samples();
                }
            } catch (RuntimeException e) {
                handles.forEach(GenerationHandle::cancel);
                throw e;
            } finally {
                monitor.notifyAll();
            }
            return handles;
        }
    }

    /**
     * Has a request's prompts scored.
     *
     * @param limit time from now
     * @throws ApiException if there is no room, or the engine has failed
     */
    PromptReadings.Reading read(ApiRequest request, Duration limit, PromptReadings.Listener listener) {
        synchronized (monitor) {
            requireRunning();
            PromptReadings.Reading reading = readings.submit(request, limit, listener);
            monitor.notifyAll();
            return reading;
        }
    }

    private void requireRunning() {
        if (failure != null || closing) {
            throw ApiException.unavailable("engine_failed", "the engine has ended; the server must be restarted");
        }
    }

    private void run() {
        try (session) {
            while (hasWork()) {
                readings.readNext();
                List<GenerationEvent> events = session.step();
                statistics = session.statistics();
                rate.drawn(statistics.generatedTokens());
                log(events);
                events.forEach(this::tell);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("the engine has failed", e);
            fail(e);
        }
    }

    /** Each cause is logged once per step, regardless of the number of answers it ended. */
    private static void log(List<GenerationEvent> events) {
        IdentityHashMap<RuntimeException, Integer> causes = new IdentityHashMap<>();
        for (GenerationEvent event : events) {
            if (event instanceof GenerationEvent.Failed failed) {
                causes.merge(failed.cause(), 1, Integer::sum);
            }
        }
        causes.forEach((cause, answers) -> {
            if (cause instanceof NotFiniteException) {
                LOG.error("failed answers: {}: {}", answers, cause.getMessage());
            } else {
                LOG.error("failed answers: {}: a step of the engine threw; the engine continues", answers, cause);
            }
        });
    }

    /** Waits for work. @return false when there will be none */
    private boolean hasWork() {
        synchronized (monitor) {
            while (session.isIdle() && readings.isIdle() && !closing) {
                try {
                    monitor.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return !closing;
        }
    }

    private void tell(GenerationEvent event) {
        Registration registration;
        synchronized (monitor) {
            registration = registered.get(event.handle());
            if (registration == null) {
                throw new IllegalStateException("an event of an unknown request");
            }
            if (!(event instanceof GenerationEvent.Progress)) {
                open--;
                Registration rest = new Registration(registration.listener(), registration.left() - 1);
                registered.put(event.handle(), rest);
                if (rest.left() == 0) {
                    registered.remove(event.handle());
                }
                monitor.notifyAll();
            }
        }
        try {
            registration.listener().happened(event);
        } catch (RejectedExecutionException e) {
            LOG.debug("the server closes", e);
        } catch (RuntimeException e) { // its affair alone
            LOG.error("an answer could not be delivered", e);
            event.handle().cancel();
        }
    }

    private void fail(Throwable cause) {
        List<Listener> orphans;
        synchronized (monitor) {
            failure = cause;
            orphans = registered.values().stream()
                    .map(Registration::listener)
                    .distinct()
                    .toList();
            registered.clear();
            open = 0;
            monitor.notifyAll();
        }
        orphans.forEach(Listener::failed);
        readings.refuseAll(ApiException.unavailable("engine_failed", "the engine has failed"));
    }

    /** What made it end, null while it is running. */
    @Nullable
    Throwable failure() {
        synchronized (monitor) {
            return failure;
        }
    }

    /** What the engine has done, as of its last step. */
    EngineStatistics statistics() {
        return statistics;
    }

    /** Tokens drawn a second, of late. */
    double tokensPerSecond() {
        return rate.perSecond();
    }

    /** Ends all running and waiting requests and notifies their listeners. */
    void cancelAll() {
        synchronized (monitor) {
            registered.keySet().forEach(GenerationHandle::cancel);
        }
        readings.refuseAll(ApiException.shuttingDown());
    }

    /** Returns when the step that runs has ended and the engine's memory is free. Requests that still wait get no event. */
    @Override
    public void close() {
        synchronized (monitor) {
            closing = true;
            monitor.notifyAll();
        }
        thread.shutdown();
        awaitEnd(thread);
    }
}
