package ai.preceptor.policy.credit;

/** How the scores of several scorers become one advantage; TRL's {@code multi_objective_aggregation}. */
public enum MultiObjectiveAggregation {
    /** The weighted sum is the reward, which is compared within the group. */
    SUM_THEN_NORMALIZE,
    /** Each scorer's scores are compared within the group, and then summed: {@link NormalizedParts}. */
    NORMALIZE_THEN_SUM
}
