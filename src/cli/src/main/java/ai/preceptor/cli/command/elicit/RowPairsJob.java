package ai.preceptor.cli.command.elicit;

import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.keys.inference.ElicitConfig;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Preference;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.data.source.LazyRows;
import ai.preceptor.teacher.elicit.CollectedAnswers;
import ai.preceptor.teacher.elicit.WrittenRows;
import ai.preceptor.teacher.selection.RowPairs;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code kind=preferences chosen=row}: a row's own answer against the student's, which nobody scores. */
final class RowPairsJob implements ElicitJob {
    private final List<Demonstration> rows;

    RowPairsJob(ElicitConfig keys, StageRun run) {
        this.rows = new ElicitRows(keys, run).answered();
    }

    @Override
    public int together() {
        return Math.min(StudentAnswers.BATCH, rows.size());
    }

    @Override
    public Outcome run(ElicitRun elicit) {
        ElicitConfig keys = elicit.keys();
        StudentAnswers students = new StudentAnswers(elicit);
        CollectedAnswers samples =
                students.collect(new LazyRows<>(rows.size(), i -> rows.get(i).prompt()), null);
        WrittenRows<Preference> pairs =
                RowPairs.of(rows, samples.rows(), keys.choosing().answers().dropUnfinished());
        if (pairs.rows().isEmpty()) {
            throw new DataException("elicit: nothing to learn from: " + pairs.summary());
        }
        Path file = elicit.path(ElicitCommand.PREFERENCES);
        RowFormat.PREFERENCES.write(file, pairs.rows());
        elicit.terminal().out().println(pairs.summary());
        elicit.terminal().out().println("pairs   " + file);
        Map<String, Object> figures = new LinkedHashMap<>(pairs.toRow());
        figures.put("resumed", samples.resumed());
        return new Outcome(pairs.summary(), figures);
    }
}
