package ai.preceptor.cli.keys.training;

import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.learners.LearnersKeys;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.tinker.TinkerSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a training service fits the rest of a run's keys. */
final class ServiceFit {
    private static final String ALL_LINEAR = "all-linear";

    /** The API has no other. */
    private static final double ALPHA = 32;

    private ServiceFit() {}

    /** Refuses what a service does not do, or what is done here only. */
    static void check(
            TinkerSettings service, StudentKeys student, LoraKeys lora, LearnersKeys learners, Checks checks) {
        if (!service.isGiven()) {
            return;
        }
        if (lora.loraR() == null) {
            checks.refuse(
                    "lora_r", "required with learner_url; expected the rank of the adapter that the service trains");
        }
        if (lora.loraAlpha() != null && lora.loraAlpha() != ALPHA) {
            refuse("lora_alpha", "32", lora.loraAlpha(), checks);
        }
        List<String> targets = lora.loraTargetModules();
        if (targets != null && !targets.equals(List.of(ALL_LINEAR))) {
            refuse("lora_target_modules", "none or " + ALL_LINEAR, targets, checks);
        }
        if (lora.loraDropout() != null && lora.loraDropout() != 0) {
            refuse("lora_dropout", "0", lora.loraDropout(), checks);
        }
        if (lora.useRslora()) {
            refuse("use_rslora", "false", true, checks);
        }
        if (student.hasAdapter()) {
            checks.refuse("adapter", "expected none with learner_url, whose service begins a new adapter, found one");
        }
        if (student.dtype() != Precision.FLOAT32) {
            refuse("dtype", "none", student.dtype(), checks);
        }
        if (learners.world() > 1) {
            refuse("learners", "1", learners.world(), checks);
        }
        refuseGiven("lora_modules_to_save", lora.loraModulesToSave(), checks);
        refuseGiven("forward_dtype", lora.forwardDtype(), checks);
        if (lora.gradientCheckpointing()) {
            refuse("gradient_checkpointing", "false", true, checks);
        }
    }

    /** Refuses a key that has no meaning where a service trains. */
    static void refuseGiven(String key, @Nullable Object value, Checks checks) {
        if (value != null && !value.equals(false)) {
            refuse(key, "none", value, checks);
        }
    }

    private static void refuse(String key, String expected, Object found, Checks checks) {
        checks.refuse(key, "expected " + expected + " with learner_url, whose service decides it, found " + found);
    }
}
