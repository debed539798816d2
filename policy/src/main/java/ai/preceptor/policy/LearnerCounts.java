package ai.preceptor.policy;

/**
 * What a learner has taken since it was made.
 *
 * @param samples answers
 * @param unscored answers that the scorer gave no score
 * @param groups prompts
 * @param skippedGroups prompts with too few scored answers to learn from
 */
public record LearnerCounts(long samples, long unscored, long groups, long skippedGroups) {

    LearnerCounts plus(LearnerCounts more) {
        return new LearnerCounts(
                samples + more.samples,
                unscored + more.unscored,
                groups + more.groups,
                skippedGroups + more.skippedGroups);
    }
}
