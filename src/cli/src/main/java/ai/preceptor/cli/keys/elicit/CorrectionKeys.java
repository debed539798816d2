package ai.preceptor.cli.keys.elicit;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.teacher.chat.Principles;
import ai.preceptor.teacher.correction.CorrectionTemplates;
import ai.preceptor.teacher.correction.Corrector;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How a teacher corrects answers. */
public record CorrectionKeys(
        @Key(
                help = "with kind=corrections: file of principles, one a line; one is drawn for each critique "
                        + "by seed",
                defaultText = "the program's",
                path = PathKind.FILE)
        @Nullable
        Path principles,

        @Key(
                help = "with kind=corrections: number of times an answer is criticized and revised",
                defaultValue = "1",
                range = "[1, 100]")
        int revisions,

        @Key(
                help = "file with the template that asks for a critique",
                defaultText = "the program's",
                path = PathKind.FILE)
        @Nullable
        Path critiqueTemplate,

        @Key(
                help = "file with the template that asks for a revision",
                defaultText = "the program's",
                path = PathKind.FILE)
        @Nullable
        Path revisionTemplate)
        implements Checked {
    @Override
    public void check(Checks checks) {
        try {
            readPrinciples();
        } catch (ConfigurationException e) {
            checks.refuse("principles", String.valueOf(e.getMessage()));
        }
        refuseBad("critique_template", () -> CorrectionTemplates.of(critiqueTemplate, null), checks);
        refuseBad("revision_template", () -> CorrectionTemplates.of(null, revisionTemplate), checks);
    }

    private static void refuseBad(String key, Runnable reading, Checks checks) {
        try {
            reading.run();
        } catch (ConfigurationException e) {
            checks.refuse(key, String.valueOf(e.getMessage()));
        }
    }

    /** What answers are criticized by. */
    public Principles readPrinciples() {
        return principles == null ? Corrector.standardPrinciples() : Principles.read(principles);
    }

    /** What the teacher is asked. */
    public CorrectionTemplates templates() {
        return CorrectionTemplates.of(critiqueTemplate, revisionTemplate);
    }
}
