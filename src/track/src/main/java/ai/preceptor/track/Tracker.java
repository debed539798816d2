package ai.preceptor.track;

import java.io.IOException;
import java.util.List;

/**
 * Records a run in an experiment tracker. It is called by one thread of its own, never by the training loop, so it may
 * block; each call that fails is made again later, with the same arguments.
 *
 * <p>A call that throws {@link TrackerRefusedException} is not made again, and nothing follows it. Every other
 * {@link IOException} is an outage.
 */
public interface Tracker {
    /** Its name in {@code report_to}, in messages and in the names of files. */
    String name();

    /**
     * Begins, or goes on with a run that an earlier process began.
     *
     * @param run what is recorded
     * @param state what this tracker keeps of the run between processes; empty at first
     * @param fromStep first step whose lines will follow; 0 in a new run
     * @return where a person finds the run, in a few words
     * @throws IOException if it is out of reach now
     */
    String open(TrackedRun run, TrackerState state, int fromStep) throws IOException;

    /**
     * Records lines.
     *
     * @param lines in the order of {@code metrics.jsonl}, at least one
     * @throws IOException if some of them may not have been recorded
     */
    void log(List<LoggedLine> lines) throws IOException;

    /**
     * Records samples; by default nothing.
     *
     * @param samples in the order of {@code samples.jsonl}, at least one
     * @throws IOException if some of them may not have been recorded
     */
    default void logSamples(List<LoggedSample> samples) throws IOException {}

    /** Whether {@link #logSamples} records anything; without it {@code samples.jsonl} is not read. */
    default boolean takesSamples() {
        return false;
    }

    /**
     * Whether {@link #open} forgets all lines from {@code fromStep} on. If so, the steps that a resumed run makes again replace
     * those recorded before; if not, they are left out.
     */
    default boolean replacesSteps() {
        return false;
    }

    /**
     * Ends the run; nothing follows.
     *
     * @throws IOException if that may not have been recorded
     */
    void finish(RunOutcome outcome) throws IOException;
}
