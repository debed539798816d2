package ai.preceptor.cli.command;

import ai.preceptor.data.LabeledCompletion;
import ai.preceptor.data.rows.Dataset;
import ai.preceptor.data.rows.OnBadRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Reads pairs or groups as single answers with a verdict.
 *
 * @param reader of the file as it is
 * @param verdicts what a row of it says of its answers
 */
record LabeledRows<R>(RowFormat.Reader<R> reader, Function<R, List<LabeledCompletion>> verdicts)
        implements RowFormat.Reader<LabeledCompletion> {
    @Override
    public Dataset<LabeledCompletion> read(Path file, int maxRows, OnBadRow onBadRow) {
        Dataset<R> dataset = reader.read(file, maxRows, onBadRow);
        List<LabeledCompletion> rows = new ArrayList<>();
        List<Long> lines = new ArrayList<>();
        for (int i = 0; i < dataset.size(); i++) {
            for (LabeledCompletion verdict : verdicts.apply(dataset.rows().get(i))) {
                rows.add(verdict);
                lines.add(dataset.lines().get(i));
            }
        }
        return new Dataset<>(rows, lines, dataset.report());
    }
}
