package ai.preceptor.data.steps;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Prompted;
import java.util.List;

/**
 * An answer in steps, with a verdict on each (TRL's stepwise supervision).
 *
 * @param prompt what was asked
 * @param steps the answer's steps in order, at least one, without what separates them; copied
 * @param labels for each step, whether it is right; copied
 */
public record LabeledSteps(Prompt prompt, List<String> steps, List<Boolean> labels) implements Prompted {

    /** @throws IllegalArgumentException if there is no step, or not one label for each */
    public LabeledSteps {
        steps = List.copyOf(steps);
        labels = List.copyOf(labels);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("steps: expected at least 1, received none");
        }
        if (labels.size() != steps.size()) {
            throw new IllegalArgumentException(
                    "labels: expected one per step (" + steps.size() + "), received " + labels.size());
        }
    }
}
