package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Checks;
import ai.preceptor.teacher.judge.JudgeSettings;
import ai.preceptor.teacher.served.ServedTeacherSettings;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keys of teachers that are one or several, as commands share them. */
public final class TeacherPanel {
    private TeacherPanel() {}

    /**
     * Refuses what does not go together: several models are averaged where they are asked in words, and keys of judging in
     * words need somebody to ask.
     *
     * @param teacher local models
     */
    public static void check(
            @Nullable List<Path> teacher, ServedTeacherSettings served, JudgeSettings judging, Checks checks) {
        if (teacher != null && (teacher.isEmpty() || new HashSet<>(teacher).size() < teacher.size())) {
            checks.refuse("teacher", "expected at least one, all different, found " + teacher);
        } else if (teacher != null && teacher.size() > 1 && judging.teacherMode() == null) {
            checks.refuse("teacher", "expected one, or a teacher_mode with several, found " + teacher);
        }
        if (!served.isGiven() && (teacher == null || judging.teacherMode() == null)) {
            judging.checkUnused("a teacher_url, or a teacher with a teacher_mode", checks);
            if (judging.teacherMode() != null) {
                checks.refuse("teacher_mode", "expected a teacher or a teacher_url to ask, found none");
            }
        }
    }

    /** The only one, where the keys were checked for one. */
    public static Path one(@Nullable List<Path> teacher) {
        if (teacher == null || teacher.size() != 1) {
            throw new IllegalStateException("checked: expected one teacher, found " + teacher);
        }
        return teacher.get(0);
    }

    /** What they are called where their scores are kept. */
    public static String label(List<Path> teacher) {
        return teacher.stream().map(Path::toString).collect(Collectors.joining(", "));
    }
}
