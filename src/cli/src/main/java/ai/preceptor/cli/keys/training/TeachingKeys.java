package ai.preceptor.cli.keys.training;

import ai.preceptor.data.files.UserCache;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.distill.TeacherRole;
import ai.preceptor.lm.TeacherDistributions;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The teacher of {@code distill} and how its distributions are used. */
public record TeachingKeys(
        @Key(
                help = "teacher model, a Hugging Face directory; or a list, combined by kd_loss_mode; not for self",
                path = PathKind.MODEL)
        @Nullable
        List<Path> teacher,

        @Key(help = "teacher: frozen, trained on the same rows, or an EMA of the student", defaultValue = "offline")
        DistillationType distillation,

        @Key(
                help = "offline: run the teacher once and store this many tokens of each distribution in a file; 0 "
                        + "runs it at every step; with teacher_url 20",
                defaultValue = "0",
                range = "[0, inf)")
        int teacherTopK,

        @Key(
                help = "treatment of tokens that are not stored: one outcome, or their probability distributed evenly",
                defaultValue = "bucket")
        TeacherDistributions.Tail teacherTail,

        @Key(
                help = "directory of these files, which later runs reuse",
                defaultText = "the user's cache",
                path = PathKind.OUTPUT_DIRECTORY,
                effect = KeyEffect.NONE)
        @Nullable
        Path teacherCache,

        @Key(help = "online: the teacher's learning rate", defaultText = "learning_rate", range = "(0, inf)") @Nullable
        Double teacherLearningRate,

        @Key(
                help = "self: decay of the EMA per step; at 1 the teacher stays the initial student",
                defaultValue = "0.999",
                range = "[0, 1]")
        double emaDecay)
        implements Checked {
    /** As many as vLLM and our own server give at most unless told otherwise. */
    private static final int SERVED_TOP_K = 20;

    @Override
    public void check(Checks checks) {
        if (teacher != null
                && (teacher.isEmpty() || (teacher.size() > 1 && distillation != DistillationType.OFFLINE))) {
            checks.refuse("teacher", "expected one, or several with distillation=offline, found " + teacher);
        }
        if (teacherTopK > 0 && distillation != DistillationType.OFFLINE) {
            checks.refuse(
                    "teacher_top_k",
                    "expected 0 unless distillation=offline, found " + teacherTopK
                            + ": a teacher that changes cannot be kept in a file");
        }
    }

    /** Refuses a teacher too many or none. */
    void checkGiven(boolean served, Checks checks) {
        boolean self = distillation == DistillationType.SELF;
        if (served && teacher != null) {
            checks.refuse("teacher_url", "expected none with teacher " + teacher + ", found one");
        } else if (self != (teacher == null) && !served) {
            checks.refuse(
                    "teacher",
                    self
                            ? "expected nothing with distillation=self, found " + teacher
                            : "expected a model to learn from, found nothing");
        }
    }

    /** Tokens of each distribution that a served teacher is asked for. */
    int servedTopK() {
        return teacherTopK == 0 ? SERVED_TOP_K : teacherTopK;
    }

    /** @param learningRate the student's */
    public TeacherRole role(double learningRate) {
        return switch (distillation) {
            case ONLINE ->
                new TeacherRole.Learning(teacherLearningRate == null ? 1 : teacherLearningRate / learningRate);
            case SELF -> new TeacherRole.Slow(emaDecay);
            case OFFLINE ->
                teacherTopK == 0 ? new TeacherRole.Fixed() : new TeacherRole.Cached(teacherTopK, teacherTail, cache());
        };
    }

    private Path cache() {
        return teacherCache == null ? UserCache.directory().resolve("teacher") : teacherCache;
    }
}
