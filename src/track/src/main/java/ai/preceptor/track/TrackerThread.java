package ai.preceptor.track;

import ai.preceptor.data.OutputException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives one tracker what a run writes, on a thread of its own, and tries again when that fails. */
final class TrackerThread {
    private static final Logger LOG = LoggerFactory.getLogger(TrackerThread.class);
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Tracker tracker;
    private final Delivery delivery;
    private final TrackingTimes times;
    private final Consumer<String> notices;
    private final Thread thread;
    private boolean hasNews = true;
    private @Nullable RunOutcome outcome;
    private long endedAt;

    /** @param notices hears what a person should know */
    TrackerThread(Tracker tracker, Delivery delivery, TrackingTimes times, Consumer<String> notices) {
        this.tracker = tracker;
        this.delivery = delivery;
        this.times = times;
        this.notices = notices;
        this.thread = new Thread(this::run, "tracker-" + tracker.name());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** There are new lines. Returns at once. */
    synchronized void wake() {
        hasNews = true;
        notifyAll();
    }

    /** The run is over. Returns at once. */
    synchronized void end(RunOutcome how) {
        outcome = how;
        endedAt = System.nanoTime();
        notifyAll();
    }

    /** Waits until everything is delivered or given up, then at most as long as one call may take. */
    void join(Duration oneCall) {
        try {
            thread.join(times.patience().plus(oneCall).toMillis());
            if (thread.isAlive()) {
                thread.interrupt();
                say("does not answer; what is missing there is delivered with resume=true");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            deliverAll();
        } catch (TrackerRefusedException e) {
            say("refused: " + e.getMessage() + "; nothing more is sent to it, the run continues");
        } catch (InterruptedException e) {
            LOG.debug("{} was interrupted", thread.getName());
        } catch (RuntimeException e) {
            LOG.warn("{}: failed; nothing more is sent to it, the run continues", tracker.name(), e);
        }
    }

    private void deliverAll() throws InterruptedException, TrackerRefusedException {
        int failures = 0;
        Duration pause = Duration.ZERO;
        while (true) {
            RunOutcome ended = await(pause, failures > 0);
            try {
                delivery.open().ifPresent(this::say);
                delivery.deliver();
                if (ended != null) {
                    tracker.finish(ended);
                    return;
                }
                if (failures > 0) {
                    say("is back; what was missing has been delivered");
                }
                failures = 0;
                pause = times.interval();
            } catch (TrackerRefusedException e) {
                throw e;
            } catch (IOException | OutputException e) {
                failures++;
                if (failures == 1) {
                    say("cannot be reached (" + reason(e) + "); the run continues, and what is missing follows later");
                }
                if (ended != null && isOutOfPatience()) {
                    say("was not reached before the end (" + reason(e) + "); resume=true delivers what is missing");
                    return;
                }
                pause = times.pause(failures);
            }
        }
    }

    /**
     * Waits for the pause, then for news unless it is to try again.
     *
     * @return how the run ended; null if it goes on
     */
    private synchronized @Nullable RunOutcome await(Duration pause, boolean again) throws InterruptedException {
        boolean wasOver = outcome != null;
        long until = System.nanoTime() + pause.toNanos();
        while (wasOver || outcome == null) {
            long left = (until - System.nanoTime()) / NANOS_PER_MILLI;
            if (left > 0) {
                wait(wasOver ? Math.min(left, times.firstPause().toMillis() + 1) : left);
                if (wasOver) {
                    break;
                }
            } else if (again || hasNews || wasOver) {
                break;
            } else {
                wait();
            }
        }
        hasNews = false;
        return outcome;
    }

    private synchronized boolean isOutOfPatience() {
        return System.nanoTime() - endedAt >= times.patience().toNanos();
    }

    private void say(String text) {
        notices.accept(tracker.name() + ": " + text);
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
