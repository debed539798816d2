package ai.preceptor.policy.opd;

import ai.preceptor.data.Trajectory;
import java.util.ArrayList;
import java.util.List;

/**
 * A teacher of on-policy distillation and what is made of its log-probabilities.
 *
 * @param distillation what they add to advantages
 * @param teacher who gives them
 * @param name by what a run's checkpoints know both
 */
public record TeacherTerms(OnPolicyDistillation distillation, Teacher teacher, String name) {

    /** Gives log-probabilities at the policy's temperature. */
    @FunctionalInterface
    public interface Teacher {
        /** Per answer {@code [tokens]}, in nats; not a number where there is none. */
        List<float[]> logprobs(List<Trajectory> answers);
    }

    /**
     * The terms of a batch.
     *
     * @param answers sampled answers
     * @param policy per answer {@code [tokens]}: log-probabilities of the policy whose ratio is clipped
     * @throws IllegalStateException if the teacher does not answer with one list per answer
     */
    public List<DistilledAnswer> of(List<Trajectory> answers, List<float[]> policy) {
        List<float[]> given = teacher.logprobs(answers);
        if (given.size() != answers.size()) {
            throw new IllegalStateException("teacher of distillation: log-probabilities of " + given.size()
                    + " answers, must be one per answer: " + answers.size());
        }
        List<DistilledAnswer> distilled = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            distilled.add(distillation.of(policy.get(i), given.get(i)));
        }
        return distilled;
    }
}
