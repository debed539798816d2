package ai.preceptor.dashboard.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The metrics that tell most of a run, in order. */
final class Headline {
    private static final int SHOWN = 3;

    /** For all commands: a method's own metrics come before the loss, which every method has. */
    private static final List<String> NAMES = List.of(
            "reward",
            "objective/kl",
            "opd/reverse_kl",
            "kl",
            "accuracy",
            "rewards/accuracies",
            "rewards/margins",
            "mean_token_accuracy",
            "completions/mean_length",
            "loss",
            "eval_reward",
            "eval_accuracy",
            "eval_loss");

    private Headline() {}

    /** The first few of a line's metrics. */
    static Map<String, Double> of(Map<String, Double> values) {
        Map<String, Double> shown = new LinkedHashMap<>();
        for (String name : NAMES) {
            Double value = values.get(name);
            boolean second = name.equals("kl") && shown.containsKey("objective/kl");
            if (value != null && shown.size() < SHOWN && !second) {
                shown.put(name, value);
            }
        }
        return shown;
    }
}
