package ai.preceptor.cli.keys.training;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.ToldValue;
import ai.preceptor.policy.opd.OpdSettings;
import ai.preceptor.teacher.served.ServedTeacherSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Served teachers of on-policy distillation; none if {@code distillTeacherUrl} is null. */
public record DistillServerKeys(
        @Key(
                help = "alternative to distill_teacher: a server with /completions and prompt_logprobs (vLLM,"
                        + " ./preceptor serve)",
                effect = KeyEffect.ADDRESS)
        @Nullable
        String distillTeacherUrl,

        @Key(help = "the teacher's model name on that server; several are selected by distill_teacher_keys") @Nullable
        List<String> distillTeacherModel) {
    /** True if there is such a teacher. */
    public boolean isGiven() {
        return distillTeacherUrl != null;
    }

    /** Refuses what does not fit together; calls are made with the limits, prices and key of the other served teacher. */
    void check(OpdSettings opd, double temperature, ServedTeacherSettings calls, Checks checks) {
        if (distillTeacherUrl == null) {
            if (distillTeacherModel != null) {
                checks.refuse("distill_teacher_model", "expected a distill_teacher_url to ask, found none");
            }
            return;
        }
        try { // first: other messages repeat it
            calls.address(distillTeacherUrl);
        } catch (ConfigurationException e) {
            checks.refuse("distill_teacher_url", e.withoutKey());
        }
        if (opd.distillTeacher() != null) {
            checks.refuse(
                    "distill_teacher_url",
                    "expected none with distill_teacher " + opd.distillTeacher() + ", found "
                            + ToldValue.of("distill_teacher_url", distillTeacherUrl));
        }
        if (temperature != 1) {
            checks.refuse(
                    "temperature",
                    "expected 1 with distill_teacher_url, whose log-probabilities are at 1, found " + temperature);
        }
        if (distillTeacherModel == null || distillTeacherModel.isEmpty()) {
            checks.refuse(
                    "distill_teacher_model", "expected the teacher's model name at distill_teacher_url, found none");
            return;
        }
        opd.checkKeys("distill_teacher_model", distillTeacherModel.size(), checks);
    }
}
