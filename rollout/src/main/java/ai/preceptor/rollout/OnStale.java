package ai.preceptor.rollout;

/** How answers are kept from growing older than the plan allows. */
public enum OnStale {
    /**
     * Nothing is sampled that would be too old when the learner takes it, and a version is only replaced when all that is
     * to be sampled with it has been. Which version samples which prompt then follows from the plan alone, so a run repeats
     * to the last token however fast its parts are.
     */
    WAIT,

    /**
     * The generator runs ahead as far as the buffer reaches. Answers that grew too old are dropped, counted, and sampled
     * anew from the same prompts. Never waits for the learner; but with a staleness above 0, which version samples which
     * prompt depends on how fast the parts are.
     */
    DROP
}
