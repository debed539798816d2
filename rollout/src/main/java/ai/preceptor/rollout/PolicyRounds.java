package ai.preceptor.rollout;

/**
 * What the learner has published and taken. Round {@code r} lies between publication {@code r} and the next one. For one
 * thread.
 */
final class PolicyRounds {
    private final RolloutPlan plan;
    private long round;
    private long version;
    private long taken;
    private long takenBefore;

    PolicyRounds(RolloutPlan plan, long version) {
        this.plan = plan;
        this.version = version;
    }

    long round() {
        return round;
    }

    long version() {
        return version;
    }

    /** The learner took a group. */
    void take() {
        taken++;
    }

    long taken() {
        return taken;
    }

    /** The learner has new weights. */
    void publish(long newVersion) {
        version = newVersion;
        round++;
        takenBefore = taken;
    }

    /** Publications since these answers were sampled. */
    long staleness(Group group) {
        return round - group.round();
    }

    boolean isStale(Group group) {
        return staleness(group) > plan.maxStaleness();
    }

    /**
     * Groups that may be sampled in this round at the latest, counted from the run's start: what the learner takes in this
     * round and in as many more as answers may be stale. Without end if stale answers are dropped.
     */
    long limit() {
        return plan.onStale() == OnStale.DROP
                ? Long.MAX_VALUE
                : takenBefore + (long) plan.promptsPerStep() * (plan.maxStaleness() + 1L);
    }
}
