package ai.preceptor.policy.evaluation;

import ai.preceptor.data.Prompt;
import java.util.List;

/**
 * What a policy is measured on during a run.
 *
 * @param prompts held out; at least one
 * @param settings when, and by how many answers
 */
public record HeldOutPrompts(List<Prompt> prompts, EvaluationSettings settings) {
    /** Copies the prompts. */
    public HeldOutPrompts {
        prompts = List.copyOf(prompts);
    }
}
