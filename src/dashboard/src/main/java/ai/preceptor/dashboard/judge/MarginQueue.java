package ai.preceptor.dashboard.judge;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a reward model about pairs on a thread of its own, each pair once, in the order of the questions: a slow model keeps
 * nobody waiting. Safe for several threads.
 */
final class MarginQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MarginQueue.class);

    private final RewardMargins model;
    private final ExecutorService thread;
    private final Map<String, Double> margins = new HashMap<>();
    private @Nullable String problem;
    private int waiting;

    MarginQueue(RewardMargins model) {
        this.model = model;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread made = new Thread(task, "judge-rewards");
            made.setDaemon(true);
            return made;
        });
    }

    /** Asks about a pair, unless that was done before. */
    synchronized void ask(JudgePair pair) {
        if (!thread.isShutdown() && margins.putIfAbsent(pair.id(), Double.NaN) == null) {
            waiting++;
            thread.execute(() -> answer(pair));
        }
    }

    private void answer(JudgePair pair) {
        double margin = Double.NaN;
        String failure = null;
        try {
            margin = model.of(pair.preference());
        } catch (RuntimeException e) {
            LOG.warn("the reward model failed on a pair", e);
            failure = String.valueOf(e.getMessage());
        }
        synchronized (this) {
            waiting--;
            margins.put(pair.id(), margin);
            if (failure != null) {
                problem = failure;
            }
        }
    }

    /** Sign of a pair's margin; 0 for equal rewards and where there is no answer. */
    synchronized int sign(String id) {
        double margin = margins.getOrDefault(id, Double.NaN);
        return Double.isNaN(margin) ? 0 : (int) Math.signum(margin);
    }

    /** Pairs whose answer is still to come. */
    synchronized int waiting() {
        return waiting;
    }

    /** The last failure of the model; null while there was none. */
    synchronized @Nullable String problem() {
        return problem;
    }

    /** Forgets what waits, and returns when the model is at rest: it may be closed then. */
    @Override
    public void close() {
        thread.shutdownNow().clear();
        boolean interrupted = false;
        while (true) {
            try {
                if (thread.awaitTermination(1, TimeUnit.SECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true; // the model must not be closed while it computes
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
