package ai.preceptor.policy.opd;

import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * On-policy distillation beside or without a reward, a group of {@code PolicySettings}.
 *
 * @param distillTeacher directories of teachers with the student's vocabulary; null for none
 * @param distillTeacherKeys of each of several teachers, what the column {@code teacher_key} of their prompts holds; null
 *     where there is one teacher for all
 * @param opdKlCoef weight of the teacher's term, above 0
 * @param opdGamma discount of later tokens' terms, in [0, 1]
 * @param iwOpdGamma emphasis of early tokens, 0 or more; null for none. TRL's default is 0.5
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record OpdSettings(
        @Key(
                help = "teacher of on-policy distillation: its log-ratio of each sampled token is added to the "
                        + "token's advantage; several are selected by distill_teacher_keys",
                path = PathKind.MODEL)
        @Nullable
        List<Path> distillTeacher,

        @Key(help = "several distillation teachers: the value of the column teacher_key for each teacher's prompts")
        @Nullable
        List<String> distillTeacherKeys,

        @Key(help = "weight of the distillation teacher in the advantages", defaultValue = "1", range = "(0, 1e9)")
        double opdKlCoef,

        @Key(
                help = "discount of the teacher's log-ratios of later tokens in a token's advantage",
                defaultValue = "0",
                range = "[0, 1]")
        double opdGamma,

        @Key(
                help = "importance weights that favour tokens before the student diverges from the teacher "
                        + "(IW-OPD; TRL: 0.5)",
                range = "[0, 1e9)")
        @Nullable
        Double iwOpdGamma)
        implements Checked {

    /** Starts from the defaults. */
    public static OpdSettingsBuilder builder() {
        return OpdSettingsBuilder.builder(new DefaultSettings<>(OpdSettings.class).make());
    }

    @Override
    public void check(Checks checks) {
        if (distillTeacher != null && distillTeacher.isEmpty()) {
            checks.refuse("distill_teacher", "expected at least one, found []");
        } else if (distillTeacher != null) {
            checkKeys("distill_teacher", distillTeacher.size(), checks);
        }
        if (iwOpdGamma != null && opdGamma > 0) {
            checks.refuse("iw_opd_gamma", "expected none with opd_gamma above 0, found " + iwOpdGamma);
        }
    }

    /**
     * Refuses keys that are not one for each of several teachers.
     *
     * @param key that names the teachers
     * @param teachers how many, 1 or more
     */
    public void checkKeys(String key, int teachers, Checks checks) {
        if (distillTeacherKeys == null) {
            if (teachers > 1) {
                checks.refuse(
                        "distill_teacher_keys",
                        "expected one for each of the " + teachers + " of " + key + ", found none");
            }
        } else if (distillTeacherKeys.size() != teachers || new HashSet<>(distillTeacherKeys).size() != teachers) {
            checks.refuse(
                    "distill_teacher_keys",
                    "expected one for each of the " + teachers + " of " + key + ", all different, found "
                            + distillTeacherKeys);
        }
    }

    /**
     * Refuses what needs a teacher where there is none.
     *
     * @param given whether there is one, here or elsewhere
     * @param alone whether nothing else makes advantages
     */
    public void checkTeacher(boolean given, boolean alone, Checks checks) {
        if (given) {
            return;
        }
        if (alone) {
            checks.refuse("distill_teacher", "expected a teacher with algorithm=opd, found none");
        }
        refuseUnread("opd_kl_coef", opdKlCoef != 1, opdKlCoef, checks);
        refuseUnread("opd_gamma", opdGamma != 0, opdGamma, checks);
        refuseUnread("iw_opd_gamma", iwOpdGamma != null, iwOpdGamma, checks);
        refuseUnread("distill_teacher_keys", distillTeacherKeys != null, distillTeacherKeys, checks);
    }

    private static void refuseUnread(String key, boolean isGiven, @Nullable Object found, Checks checks) {
        if (isGiven) {
            checks.refuse(key, "expected its default without a distill_teacher, found " + found);
        }
    }

    /** What a teacher's log-probabilities add. */
    public OnPolicyDistillation distillation() {
        return new OnPolicyDistillation(opdKlCoef, opdGamma, iwOpdGamma);
    }
}
