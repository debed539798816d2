package ai.preceptor.track;

import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reports a run to trackers. As a listener it only wakes their threads, which read the run's files; a tracker that is slow or
 * out of reach never holds the training loop.
 */
public final class Tracking implements TrainListener {
    /** How long one call of a tracker may take. */
    public static final Duration ONE_CALL = Duration.ofSeconds(10);

    private final TrackedRun run;
    private final List<Tracker> trackers;
    private final TrackingTimes times;
    private final Consumer<String> notices;
    private final List<TrackerThread> threads = new ArrayList<>();

    /**
     * For a process of a run.
     *
     * @param trackers each with a name of its own
     * @param notices hears in one line what a person should know; called by other threads
     */
    public Tracking(TrackedRun run, List<Tracker> trackers, TrackingTimes times, Consumer<String> notices) {
        this.run = run;
        this.trackers = List.copyOf(trackers);
        this.times = times;
        this.notices = notices;
    }

    @Override
    public void onStart(int firstStep, int totalSteps) {
        for (Tracker tracker : trackers) {
            Delivery delivery = new Delivery(tracker, run, firstStep, System::currentTimeMillis);
            TrackerThread thread = new TrackerThread(tracker, delivery, times, notices);
            threads.add(thread);
            thread.start();
        }
    }

    @Override
    public void onStep(StepMetrics step) {
        threads.forEach(TrackerThread::wake);
    }

    @Override
    public void onEvaluation(int step, Map<String, Double> values) {
        threads.forEach(TrackerThread::wake);
    }

    /** Ends the run and waits, not for long, until that is recorded. */
    public void end(RunOutcome outcome) {
        threads.forEach(thread -> thread.end(outcome));
        threads.forEach(thread -> thread.join(ONE_CALL));
        threads.clear();
    }
}
