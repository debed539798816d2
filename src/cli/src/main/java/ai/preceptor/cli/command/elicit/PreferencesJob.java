package ai.preceptor.cli.command.elicit;

import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.keys.inference.ElicitConfig;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.UnownedScorer;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.teacher.elicit.CollectedAnswers;
import ai.preceptor.teacher.elicit.Elicitation;
import ai.preceptor.teacher.elicit.WrittenRows;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code kind=preferences}: students answer and a teacher ranks the answers. */
final class PreferencesJob implements ElicitJob {
    private final List<Prompt> prompts;

    PreferencesJob(ElicitConfig keys, StageRun run) {
        this.prompts = new ElicitRows(keys, run).scored();
    }

    @Override
    public int together() {
        return Math.min(StudentAnswers.BATCH, prompts.size());
    }

    @Override
    public Outcome run(ElicitRun elicit) {
        ElicitConfig keys = elicit.keys();
        StudentAnswers students = new StudentAnswers(elicit);
        try (Scorer teacher = elicit.asked() == null
                ? keys.teacher().open(elicit.preceptor(), keys.student().teacher())
                : new UnownedScorer(elicit.asked())) {
            CollectedAnswers collected = students.collect(prompts, teacher);
            Elicitation elicited = keys.selection().select(collected.rows(), collected.resumed());
            Map<String, @Nullable Object> figures =
                    new LinkedHashMap<>(elicited.report().toRow());
            String selection = "";
            if (keys.choosing().answers().isGiven()) {
                SelectedRows selected = new SelectedRows(elicit, students, teacher, collected.rows());
                WrittenRows<Demonstration> rows = selected.write(figures);
                selection = "; " + rows.summary();
            } else if (elicited.preferences().isEmpty()) {
                throw new DataException("elicitation with " + teacher.name() + ": nothing to learn from: "
                        + elicited.report().summary());
            }
            if (elicit.asked() != null
                    && keys.teacher().judging().givesProbabilities()
                    && !elicited.preferences().isEmpty()) {
                // each comparison was asked before, so the ledger of calls has the answers
                elicited = elicited.judgedBy(elicit.asked().uncounted());
                figures.putAll(elicited.report().toRow());
            }
            write(elicit, elicited);
            String told = elicited.report().summary() + selection;
            elicit.terminal().out().println(told);
            return new Outcome(told, figures);
        }
    }

    private static void write(ElicitRun elicit, Elicitation elicited) {
        Path pairs = elicit.path(ElicitCommand.PREFERENCES);
        Path ranked = elicit.path(ElicitCommand.RANKED);
        RowFormat.PREFERENCES.write(pairs, elicited.preferences());
        RowFormat.RANKED_GROUPS.write(ranked, elicited.groups());
        elicit.terminal().out().println("pairs   " + pairs);
        elicit.terminal().out().println("ranked  " + ranked);
    }
}
