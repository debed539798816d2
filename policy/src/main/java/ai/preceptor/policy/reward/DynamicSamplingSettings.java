package ai.preceptor.policy.reward;

import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import io.soabase.recordbuilder.core.RecordBuilder;

/**
 * Whether prompts whose answers all have one score are replaced, a group of {@code PolicySettings}.
 *
 * @param dynamicSampling whether they are
 * @param maxNumGenBatches batches that may be sampled for one to learn from, 1 or more; verl's {@code
 *     max_num_gen_batches}
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record DynamicSamplingSettings(
        @Key(help = "replace prompts whose answers all have the same score (DAPO)", defaultValue = "false")
        boolean dynamicSampling,

        @Key(
                help = "dynamic_sampling: maximum batches sampled per training batch",
                defaultValue = "10",
                range = "[1, 65536]",
                effect = KeyEffect.REVISABLE)
        int maxNumGenBatches) {

    /** Starts from the defaults. */
    public static DynamicSamplingSettingsBuilder builder() {
        return DynamicSamplingSettingsBuilder.builder(new DefaultSettings<>(DynamicSamplingSettings.class).make());
    }

    /**
     * Refuses values that do not fit together.
     *
     * @param generations answers to each prompt
     */
    public void check(int generations, Checks checks) {
        if (dynamicSampling && generations < 2) {
            checks.refuse(
                    "dynamic_sampling", "expected false with one answer to each prompt (num_generations), found true");
        }
        if (!dynamicSampling && maxNumGenBatches != 10) {
            checks.refuse("max_num_gen_batches", "expected 10 without dynamic_sampling, found " + maxNumGenBatches);
        }
    }

    /** Batches that may be sampled for one; 0 where prompts are taken as they come. */
    public int batches() {
        return dynamicSampling ? maxNumGenBatches : 0;
    }
}
