package ai.preceptor.data;

import java.util.Arrays;

/**
 * One sampled answer on its way to the learner.
 *
 * @param prompt what was asked
 * @param promptIds the prompt's tokens as the policy saw them; not copied, do not modify
 * @param completion the answer with its log-probabilities under the policy that sampled it
 * @param group index of the prompt in its batch, from 0; answers to one prompt share it
 * @param policyVersion number of optimizer steps the sampling policy had made, from 0
 * @param score the reward, or why there is none
 */
@SuppressWarnings("ArrayRecordComponent") // token arrays are large and pass between threads; equality is defined below
public record Trajectory(
        Prompt prompt, int[] promptIds, Completion completion, int group, long policyVersion, Score score)
        implements Prompted {

    /** @throws IllegalArgumentException if {@code group} or {@code policyVersion} is negative */
    public Trajectory {
        if (group < 0) {
            throw new IllegalArgumentException("group: expected 0 or more, received " + group);
        }
        if (policyVersion < 0) {
            throw new IllegalArgumentException("policyVersion: expected 0 or more, received " + policyVersion);
        }
    }

    /** The same trajectory with another score. */
    public Trajectory withScore(Score newScore) {
        return new Trajectory(prompt, promptIds, completion, group, policyVersion, newScore);
    }

    /** The answer as a scorer sees it, in the prompt's form, with its tokens. */
    public Answer answer() {
        return Answer.of(prompt, completion);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Trajectory that
                && prompt.equals(that.prompt)
                && Arrays.equals(promptIds, that.promptIds)
                && completion.equals(that.completion)
                && group == that.group
                && policyVersion == that.policyVersion
                && score.equals(that.score);
    }

    @Override
    public int hashCode() {
        return 31 * completion.hashCode() + Arrays.hashCode(promptIds);
    }
}
