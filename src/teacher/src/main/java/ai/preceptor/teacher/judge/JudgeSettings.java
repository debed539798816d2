package ai.preceptor.teacher.judge;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.teacher.chat.PromptTemplate;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a teacher that is asked in words judges.
 *
 * @param teacherMode what it is asked; null for a served teacher's grade, and for a local model's reward or likelihood
 * @param teacherTemplate a file in place of the standard words; null for these
 * @param teacherMaxTokens most tokens of a reply, 1 or more
 */
public record JudgeSettings(
        @Key(
                help = "what the teacher is asked: to grade answers (1 to 10) or to compare pairs; default: score for"
                        + " teacher_url; for teacher its reward or likelihood, which asks nothing")
        @Nullable
        TeacherMode teacherMode,

        @Key(help = "file with the judge prompt; docs/teachers.md describes it", path = PathKind.FILE) @Nullable
        Path teacherTemplate,

        @Key(help = "maximum number of tokens of a reply", defaultValue = "512", range = "[1, inf)")
        int teacherMaxTokens)
        implements Checked {
    @Override
    public void check(Checks checks) {
        try {
            template();
        } catch (ConfigurationException e) {
            checks.refuse("teacher_template", String.valueOf(e.getMessage()));
        }
    }

    /** What a teacher that is asked in words is asked. */
    public TeacherMode mode() {
        return teacherMode == null ? TeacherMode.SCORE : teacherMode;
    }

    /** Its judge prompt. */
    public PromptTemplate template() {
        return teacherTemplate == null ? mode().standardTemplate() : mode().template(teacherTemplate);
    }

    /** What scores depend on, for where they are kept. */
    public String label() {
        return mode() + ", " + (teacherTemplate == null ? "standard template" : teacherTemplate);
    }
}
