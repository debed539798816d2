package ai.preceptor.policy.evaluation;

import ai.preceptor.data.Prompt;
import java.util.List;

/**
 * What a policy is measured on during a run.
 *
 * @param prompts held out; at least one
 * @param settings by how many answers, and what counts as passed
 */
public record HeldOutPrompts(List<Prompt> prompts, HeldOutSettings settings) {
    /** Copies the prompts. */
    public HeldOutPrompts {
        prompts = List.copyOf(prompts);
    }
}
