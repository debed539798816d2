package ai.preceptor.rollout;

/**
 * Counts what the learner has published and taken. Round {@code r} lies between publication {@code r} and the next one. For one
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

    /** Publications since the group was sampled. */
    long staleness(Group group) {
        return round - group.round();
    }

    boolean isStale(Group group) {
        return staleness(group) > plan.maxStaleness();
    }

    /**
     * Groups that may be sampled up to this round, counted from the run's start: what the learner takes in this round and
     * in the {@code maxStaleness} rounds after it. Unlimited if stale completions are dropped.
     */
    long limit() {
        return plan.onStale() == OnStale.DROP
                ? Long.MAX_VALUE
                : takenBefore + (long) plan.promptsPerStep() * (plan.maxStaleness() + 1L);
    }
}
