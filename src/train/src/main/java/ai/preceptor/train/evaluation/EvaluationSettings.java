package ai.preceptor.train.evaluation;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.Refusals;
import io.soabase.recordbuilder.core.RecordBuilder;
import org.jspecify.annotations.Nullable;

/**
 * When a model in training is evaluated on held-out rows, and what follows from it, by the names of transformers. Without
 * held-out rows nothing is evaluated.
 *
 * @param evalSteps steps between two evaluations, 1 or more; null for none but the one after the last step, which is always made
 * @param loadBestModelAtEnd whether the run ends with the weights of the best evaluation instead of the last step's
 * @param metricForBestModel which metric decides, with or without {@code eval_} before it; null for the evaluator's standard
 * @param greaterIsBetter whether more of it is better; null for yes unless its name ends in {@code loss}
 * @param earlyStoppingPatience evaluations in a row without improvement after which training stops, 1 or more; null to never
 *     stop early
 * @param earlyStoppingThreshold what a value must differ from the best by, more than that, to count as an improvement for
 *     {@code earlyStoppingPatience}; 0 or more. It does not decide which model is best
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record EvaluationSettings(
        @Key(
                help = "steps between evaluations on held-out rows",
                defaultText = "only after the last step",
                range = "[1, inf)",
                effect = KeyEffect.REVISABLE)
        @Nullable
        Integer evalSteps,

        @Key(
                help = "keep the checkpoint of the best evaluation and write its weights to model/ at the end",
                defaultValue = "false",
                effect = KeyEffect.REVISABLE)
        boolean loadBestModelAtEnd,

        @Key(
                help = "metric that selects the best model",
                defaultText = "eval_loss, with sampled answers eval_reward",
                effect = KeyEffect.REVISABLE)
        @Nullable
        String metricForBestModel,

        @Key(
                help = "whether a higher metric is better",
                defaultText = "true unless metric_for_best_model ends in loss",
                effect = KeyEffect.REVISABLE)
        @Nullable
        Boolean greaterIsBetter,

        @Key(
                help = "stop after this many consecutive evaluations without improvement",
                defaultText = "never",
                range = "[1, inf)",
                effect = KeyEffect.REVISABLE)
        @Nullable
        Integer earlyStoppingPatience,

        @Key(
                help = "early_stopping_patience: minimum improvement over the best value (exclusive)",
                defaultValue = "0",
                range = "[0, inf)",
                effect = KeyEffect.REVISABLE)
        double earlyStoppingThreshold) {
    private static final String PREFIX = "eval_";

    /** @throws ai.preceptor.data.ConfigurationException when values are out of their range or without effect */
    public EvaluationSettings {
        Refusals refusals = Refusals.of(
                EvaluationSettings.class,
                evalSteps,
                loadBestModelAtEnd,
                metricForBestModel,
                greaterIsBetter,
                earlyStoppingPatience,
                earlyStoppingThreshold);
        boolean tracked = loadBestModelAtEnd || earlyStoppingPatience != null;
        if (tracked && evalSteps == null) {
            refusals.refuse(
                    loadBestModelAtEnd ? "load_best_model_at_end" : "early_stopping_patience",
                    "expected eval_steps to be set, since one evaluation after the last step leaves no choice, found "
                            + (loadBestModelAtEnd ? "true" : earlyStoppingPatience) + " without");
        }
        String users = "expected none without load_best_model_at_end or early_stopping_patience, found ";
        if (!tracked && metricForBestModel != null) {
            refusals.refuse("metric_for_best_model", users + metricForBestModel);
        }
        if (!tracked && greaterIsBetter != null) {
            refusals.refuse("greater_is_better", users + greaterIsBetter);
        }
        if (metricForBestModel != null && metricForBestModel.isBlank()) {
            refusals.refuse("metric_for_best_model", "expected the name of a metric, found none");
        }
        if (earlyStoppingThreshold > 0 && earlyStoppingPatience == null) {
            refusals.refuse(
                    "early_stopping_threshold",
                    "expected 0 without early_stopping_patience, found " + earlyStoppingThreshold);
        }
        refusals.throwIfAny();
    }

    /** All at their defaults: one evaluation, after the last step. */
    public static EvaluationSettings defaults() {
        return new DefaultSettings<>(EvaluationSettings.class).make();
    }

    /** Starts from the defaults. */
    public static EvaluationSettingsBuilder builder() {
        return EvaluationSettingsBuilder.builder(defaults());
    }

    /** Whether evaluations decide anything, so that they cannot be left out. */
    public boolean decides() {
        return loadBestModelAtEnd || earlyStoppingPatience != null;
    }

    /** Evaluations during so many steps, without that after the last. */
    public int during(int steps) {
        return evalSteps == null ? 0 : steps / evalSteps;
    }

    /**
     * For a run that is not evaluated.
     *
     * @throws ConfigurationException when evaluations are to decide something
     */
    public void requireNothing() {
        if (decides()) {
            String key = loadBestModelAtEnd ? "load_best_model_at_end" : "early_stopping_patience";
            throw new ConfigurationException(
                    key + ": expected held-out rows, by which models are compared, found none");
        }
    }

    /**
     * The metric that decides, with its prefix.
     *
     * @param standard that of an evaluator, if none is named
     */
    String metric(String standard) {
        String name = metricForBestModel == null ? standard : metricForBestModel;
        return name.startsWith(PREFIX) ? name : PREFIX + name;
    }

    /** Whether more of a metric is better, as transformers deduces it. */
    boolean isGreaterBetter(String metric) {
        return greaterIsBetter == null ? !metric.endsWith("loss") : greaterIsBetter;
    }
}
