package ai.preceptor.cli.keys.elicit;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.teacher.selection.AnswerHint;
import ai.preceptor.teacher.selection.AnswerSelection;
import ai.preceptor.teacher.selection.SelectionRule;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Which answers of a student are learnt from, beside pairs by score. */
public record SelectionKeys(
        @Key(
                help = "chosen answer of a pair: the student's with the higher score, or, without a teacher, the "
                        + "row's own completion against each of the student's answers",
                defaultValue = "score")
        ChosenAnswer chosen,

        @Group(title = "Selection") AnswerSelection answers,

        @Key(
                help = "with select=verified: ask once more, with the row's right answer as a hint, if no answer "
                        + "was right; written rows have the prompt without the hint",
                defaultValue = "false")
        boolean hintRetry,

        @Key(
                help = "file with the hint's template; docs/elicitation.md describes it",
                defaultText = "the program's",
                path = PathKind.FILE)
        @Nullable
        Path hintTemplate)
        implements Checked {
    @Override
    public void check(Checks checks) {
        if (hintRetry && answers.select() != SelectionRule.VERIFIED) {
            checks.refuse("hint_retry", "expected select=verified, found " + KeyName.shown(answers.select()));
        }
        if (hintTemplate != null && !hintRetry) {
            checks.refuse("hint_template", "expected hint_retry=true, found false");
        }
        try {
            hint();
        } catch (ConfigurationException e) {
            checks.refuse("hint_template", String.valueOf(e.getMessage()));
        }
    }

    /** Whether rows' own answers are chosen. */
    public boolean byRow() {
        return chosen == ChosenAnswer.ROW;
    }

    /** The words of the hint. */
    public AnswerHint hint() {
        return hintTemplate == null ? AnswerHint.standard() : AnswerHint.read(hintTemplate);
    }
}
