package ai.preceptor.app.command;

import ai.preceptor.data.Dataset;
import ai.preceptor.data.OnBadRow;
import ai.preceptor.data.Unpaired;
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
record JudgedRows<R>(RowFormat.Reader<R> reader, Function<R, List<Unpaired>> verdicts)
        implements RowFormat.Reader<Unpaired> {
    @Override
    public Dataset<Unpaired> read(Path file, int maxRows, OnBadRow onBadRow) {
        Dataset<R> dataset = reader.read(file, maxRows, onBadRow);
        List<Unpaired> rows = new ArrayList<>();
        List<Long> lines = new ArrayList<>();
        for (int i = 0; i < dataset.size(); i++) {
            for (Unpaired verdict : verdicts.apply(dataset.rows().get(i))) {
                rows.add(verdict);
                lines.add(dataset.lines().get(i));
            }
        }
        return new Dataset<>(rows, lines, dataset.report());
    }
}
