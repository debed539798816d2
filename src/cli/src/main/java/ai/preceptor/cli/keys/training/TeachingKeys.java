package ai.preceptor.cli.keys.training;

import ai.preceptor.data.files.UserCache;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.distill.TeacherRole;
import ai.preceptor.lm.TeacherDistributions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The teacher of {@code distill} and how its distributions are used. */
public record TeachingKeys(
        @Key(help = "teacher model, a Hugging Face directory; not for self", path = PathKind.MODEL) @Nullable
        Path teacher,

        @Key(
                help = "kind of teacher: frozen, trained on the rows too, or an EMA of the student",
                defaultValue = "offline")
        DistillationType distillation,

        @Key(
                help = "offline: run the teacher once and store this many tokens of each distribution in a "
                        + "file; 0 to run it at every step",
                defaultValue = "0",
                range = "[0, inf)")
        int teacherTopK,

        @Key(
                help = "how tokens that are not stored count: as one outcome, or with their probability "
                        + "distributed evenly",
                defaultValue = "bucket")
        TeacherDistributions.Tail teacherTail,

        @Key(
                help = "where these files are stored for later runs; default: the user's cache",
                path = PathKind.OUTPUT_DIRECTORY)
        @Nullable
        Path teacherCache,

        @Key(help = "online: the teacher's learning rate; default: learning_rate", range = "(0, inf)") @Nullable
        Double teacherLearningRate,

        @Key(
                help = "self: decay of the EMA per step; at 1 the teacher stays the initial student",
                defaultValue = "0.999",
                range = "[0, 1]")
        double emaDecay)
        implements Checked {
    @Override
    public void check(Checks checks) {
        boolean self = distillation == DistillationType.SELF;
        if (self != (teacher == null)) {
            checks.refuse(
                    "teacher",
                    self
                            ? "expected nothing with distillation=self, found " + teacher
                            : "expected a model to learn from, found nothing");
        }
        if (teacherTopK > 0 && distillation != DistillationType.OFFLINE) {
            checks.refuse(
                    "teacher_top_k",
                    "expected 0 unless distillation=offline, found " + teacherTopK
                            + ": a teacher that changes cannot be kept in a file");
        }
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
