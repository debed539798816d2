package ai.preceptor.rollout;

/** How completions are kept from becoming staler than the plan allows. */
public enum OnStale {
    /**
     * Nothing is sampled that would be too stale when the learner takes it, and a version is replaced only when everything
     * due with it has been sampled. Which version samples which prompt then follows from the plan alone, so a run is
     * reproducible to the last token regardless of timing.
     */
    WAIT,

    /**
     * The generator runs ahead until the buffer is full. Completions that become too stale are dropped, counted, and
     * resampled from the same prompts. Never waits for the learner; but with a staleness above 0, which version samples
     * which prompt depends on timing.
     */
    DROP
}
