package ai.preceptor.policy.evaluation;

import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Key;
import io.soabase.recordbuilder.core.RecordBuilder;
import org.jspecify.annotations.Nullable;

/**
 * How a policy is measured on held-out prompts during a run. None of it changes what is learnt.
 *
 * @param evalSteps steps between two measurements, 1 or more; the last step of a run is always measured
 * @param numGenerationsEval answers to each prompt, 1 or more; null for as many as in training
 * @param evalPassScore score from which on an answer passes, for {@code eval_pass@1}
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record EvaluationSettings(
        @Key(help = "steps between evaluations on eval_data", defaultValue = "50", range = "[1, inf)")
        int evalSteps,

        @Key(help = "answers per prompt of eval_data; default: num_generations", range = "[1, 65536]") @Nullable
        Integer numGenerationsEval,

        @Key(help = "score from which an answer counts as passed, for eval_pass@1", defaultValue = "1")
        double evalPassScore) {

    /** All at their defaults. */
    public static EvaluationSettings defaults() {
        return new DefaultSettings<>(EvaluationSettings.class).make();
    }

    /** Starts from the defaults. */
    public static EvaluationSettingsBuilder builder() {
        return EvaluationSettingsBuilder.builder(defaults());
    }

    /**
     * Answers to each prompt.
     *
     * @param training as many as in training
     */
    public int generations(int training) {
        return numGenerationsEval == null ? training : numGenerationsEval;
    }
}
