package ai.preceptor.policy;

/**
 * What a learner has consumed in its run, over all processes of that run.
 *
 * @param samples answers
 * @param unscored answers that the scorer gave no score
 * @param groups prompts
 * @param skippedGroups prompts with too few scored answers to learn from
 */
public record LearnerCounts(long samples, long unscored, long groups, long skippedGroups) {

    static final LearnerCounts NONE = new LearnerCounts(0, 0, 0, 0);

    LearnerCounts plus(LearnerCounts more) {
        return new LearnerCounts(
                samples + more.samples,
                unscored + more.unscored,
                groups + more.groups,
                skippedGroups + more.skippedGroups);
    }
}
