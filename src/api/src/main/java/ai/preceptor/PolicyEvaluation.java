package ai.preceptor;

import ai.preceptor.data.Prompt;
import ai.preceptor.policy.evaluation.EvaluationSettings;
import java.util.List;

/**
 * What a policy is measured on during a run.
 *
 * @param prompts held out; at least one
 * @param settings when, and by how many answers
 */
public record PolicyEvaluation(List<Prompt> prompts, EvaluationSettings settings) {
    /** Copies the prompts. */
    public PolicyEvaluation {
        prompts = List.copyOf(prompts);
    }
}
