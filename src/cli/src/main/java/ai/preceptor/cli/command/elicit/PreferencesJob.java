package ai.preceptor.cli.command.elicit;

import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.keys.inference.ElicitConfig;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.UnownedScorer;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.elicit.CollectedAnswers;
import ai.preceptor.teacher.elicit.Elicitation.Judging;
import ai.preceptor.teacher.elicit.ElicitationReport;
import ai.preceptor.teacher.elicit.PreferenceSelection;
import java.nio.file.Path;
import java.util.ArrayList;
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
        try (Scorer teacher = elicit.asked() == null ? scorer(elicit) : new UnownedScorer(elicit.asked())) {
            CollectedAnswers collected = students.collect(prompts, teacher);
            Map<String, @Nullable Object> figures = new LinkedHashMap<>();
            boolean selects = keys.choosing().answers().isGiven();
            String selection = "";
            if (selects) {
                ElicitationReport counts =
                        keys.selection().select(collected.rows(), collected.resumed(), group -> {}, pair -> {});
                figures.putAll(counts.toRow());
                SelectedRows selected = new SelectedRows(elicit, students, teacher, collected.rows());
                selection = "; " + selected.write(figures).summary();
            }
            // each comparison was asked before, so the ledger of calls has the answers
            Judge judge = elicit.asked() != null && keys.teacher().judging().givesProbabilities()
                    ? elicit.asked().uncounted()
                    : null;
            ElicitationReport report = write(elicit, collected, judge, selects ? "" : teacher.name());
            if (!selects || (judge != null && report.preferences() > 0)) {
                figures.putAll(report.toRow());
            }
            String told = report.summary() + selection;
            elicit.terminal().out().println(told);
            return new Outcome(told, figures);
        }
    }

    private static Scorer scorer(ElicitRun elicit) {
        ElicitConfig keys = elicit.keys();
        return elicit.workersScore()
                ? new WorkersScorer(keys.teacher().label())
                : keys.teacher().open(elicit.preceptor(), keys.student().teacher());
    }

    /**
     * Writes both files as their rows are made.
     *
     * @param judge gives the pairs their probabilities; null for none
     * @param teacher who must have given preferences; empty where there need not be any
     */
    private static ElicitationReport write(
            ElicitRun elicit, CollectedAnswers collected, @Nullable Judge judge, String teacher) {
        Path pairs = elicit.path(ElicitCommand.PREFERENCES);
        Path ranked = elicit.path(ElicitCommand.RANKED);
        PreferenceSelection selection = elicit.keys().selection();
        List<ElicitationReport> reports = new ArrayList<>();
        RowFormat.PREFERENCES.writeEach(
                pairs,
                pair -> RowFormat.RANKED_GROUPS.writeEach(ranked, group -> {
                    Judging judging = judge == null ? null : new Judging(judge, pair);
                    ElicitationReport report = selection.select(
                            collected.rows(), collected.resumed(), group, judging == null ? pair : judging);
                    if (report.preferences() == 0 && !teacher.isEmpty()) {
                        throw new DataException(
                                "elicitation with " + teacher + ": nothing to learn from: " + report.summary());
                    }
                    reports.add(judging == null || report.preferences() == 0 ? report : judging.end(report));
                }));
        elicit.terminal().out().println("pairs   " + pairs);
        elicit.terminal().out().println("ranked  " + ranked);
        return reports.get(0);
    }
}
