package ai.preceptor.policy.evaluation;

import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import io.soabase.recordbuilder.core.RecordBuilder;
import org.jspecify.annotations.Nullable;

/**
 * How a policy is measured on held-out prompts during a run; when, is in {@link ai.preceptor.train.evaluation.EvaluationSettings}.
 *
 * @param numGenerationsEval answers to each prompt, 1 or more; null for as many as in training
 * @param evalPassScore score from which on an answer passes, for {@code eval_pass@1}
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record HeldOutSettings(
        @Key(
                help = "answers per prompt of eval_data",
                defaultText = "num_generations",
                range = "[1, 65536]",
                effect = KeyEffect.REVISABLE)
        @Nullable
        Integer numGenerationsEval,

        @Key(
                help = "minimum score of a passed answer, for eval_pass@1",
                defaultValue = "1",
                effect = KeyEffect.REVISABLE)
        double evalPassScore) {

    /** All at their defaults. */
    public static HeldOutSettings defaults() {
        return new DefaultSettings<>(HeldOutSettings.class).make();
    }

    /** Starts from the defaults. */
    public static HeldOutSettingsBuilder builder() {
        return HeldOutSettingsBuilder.builder(defaults());
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
