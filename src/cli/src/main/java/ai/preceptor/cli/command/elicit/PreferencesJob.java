package ai.preceptor.cli.command.elicit;

import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.command.TeacherRun;
import ai.preceptor.cli.keys.inference.ElicitConfig;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.UnownedScorer;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.teacher.elicit.CollectedAnswers;
import ai.preceptor.teacher.elicit.Elicitation;
import ai.preceptor.teacher.elicit.ElicitationReport;
import ai.preceptor.teacher.elicit.WrittenRows;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
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
            ElicitationReport report =
                    keys.selection().select(collected.rows(), collected.resumed(), group -> {}, pair -> {});
            Map<String, @Nullable Object> figures = new LinkedHashMap<>(report.toRow());
            String selection = "";
            if (keys.choosing().answers().isGiven()) {
                SelectedRows selected = new SelectedRows(elicit, students, teacher, collected.rows());
                WrittenRows<Demonstration> rows = selected.write(figures);
                selection = "; " + rows.summary();
            } else if (report.preferences() == 0) {
                throw new DataException(
                        "elicitation with " + teacher.name() + ": nothing to learn from: " + report.summary());
            }
            TeacherRun asked = elicit.asked();
            if (asked != null && keys.teacher().judging().givesProbabilities() && report.preferences() > 0) {
                // each comparison was asked before, so the ledger of calls has the answers
                Elicitation judged = keys.selection()
                        .select(collected.rows(), collected.resumed())
                        .judgedBy(asked.uncounted());
                report = judged.report();
                figures.putAll(report.toRow());
                write(elicit, (groups, pairs) -> {
                    judged.groups().forEach(groups);
                    judged.preferences().forEach(pairs);
                });
            } else {
                write(
                        elicit,
                        (groups, pairs) ->
                                keys.selection().select(collected.rows(), collected.resumed(), groups, pairs));
            }
            String told = report.summary() + selection;
            elicit.terminal().out().println(told);
            return new Outcome(told, figures);
        }
    }

    /** Writes both files as their rows are made. */
    private static void write(ElicitRun elicit, BiConsumer<Consumer<RankedGroup>, Consumer<Preference>> rows) {
        Path pairs = elicit.path(ElicitCommand.PREFERENCES);
        Path ranked = elicit.path(ElicitCommand.RANKED);
        RowFormat.PREFERENCES.writeEach(
                pairs, pair -> RowFormat.RANKED_GROUPS.writeEach(ranked, group -> rows.accept(group, pair)));
        elicit.terminal().out().println("pairs   " + pairs);
        elicit.terminal().out().println("ranked  " + ranked);
    }
}
