package ai.preceptor.policy.kl;

import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The model that the policy is kept near, a group of {@code PolicySettings}.
 *
 * @param refModel a directory in Hugging Face's layout, of the student's vocabulary; null for the student as it is before
 *     the first step, or below its adapter
 * @param syncRefModel whether the reference is mixed with the policy periodically (TR-DPO, arXiv:2404.09656)
 * @param refModelMixupAlpha share of the policy in the new reference, in [0, 1]
 * @param refModelSyncSteps optimizer steps between two mixtures, at least 1
 * @param refResetSteps optimizer steps after which the reference becomes the policy as it is then, again and again, at
 *     least 1; null for never
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record ReferenceSettings(
        @Key(help = "reference model of the KL", defaultText = "the initial student", path = PathKind.MODEL) @Nullable
        Path refModel,

        @Key(help = "mix the reference with the policy periodically (TR-DPO)", defaultValue = "false")
        boolean syncRefModel,

        @Key(
                help = "weight of the policy in the new reference of sync_ref_model",
                defaultValue = "0.6",
                range = "[0, 1]")
        double refModelMixupAlpha,

        @Key(help = "sync_ref_model: steps between mixtures", defaultValue = "512", range = "[1, inf)")
        int refModelSyncSteps,

        @Key(help = "steps between resets of the reference to the policy", defaultText = "never", range = "[1, inf)")
        @Nullable
        Integer refResetSteps) {

    /** Starts from the defaults. */
    public static ReferenceSettingsBuilder builder() {
        return ReferenceSettingsBuilder.builder(new DefaultSettings<>(ReferenceSettings.class).make());
    }

    /** Refuses values that do not fit together. */
    public void check(Checks checks) {
        if (syncRefModel && refResetSteps != null) {
            checks.refuse("ref_reset_steps", "expected nothing with sync_ref_model, found " + refResetSteps);
        }
        ReferenceSettings unused = builder().build();
        if (!syncRefModel && refModelMixupAlpha != unused.refModelMixupAlpha) {
            checks.refuse(
                    "ref_model_mixup_alpha",
                    "expected " + unused.refModelMixupAlpha + " without sync_ref_model, found " + refModelMixupAlpha);
        }
        if (!syncRefModel && refModelSyncSteps != unused.refModelSyncSteps) {
            checks.refuse(
                    "ref_model_sync_steps",
                    "expected " + unused.refModelSyncSteps + " without sync_ref_model, found " + refModelSyncSteps);
        }
    }

    /** Refuses what has no use: all of it without a reference, and one that follows where it lies below an adapter. */
    public void check(boolean needed, boolean adapter, Checks checks) {
        if (!needed && (refModel != null || moves())) {
            checks.refuse(movingKey("ref_model"), "expected nothing where beta is 0, since no reference is kept");
        } else if (moves() && adapter) {
            checks.refuse(
                    movingKey("ref_model"),
                    "expected nothing with an adapter, whose reference is the model without it");
        }
    }

    private String movingKey(String otherwise) {
        if (syncRefModel) {
            return "sync_ref_model";
        }
        return refResetSteps != null ? "ref_reset_steps" : otherwise;
    }

    /** Whether the reference follows the policy. */
    public boolean moves() {
        return syncRefModel || refResetSteps != null;
    }

    /** Share of the policy in the reference after a move. */
    public double share() {
        return refResetSteps == null ? refModelMixupAlpha : 1;
    }

    /** Optimizer steps between two moves. */
    public int period() {
        return refResetSteps == null ? refModelSyncSteps : refResetSteps;
    }
}
