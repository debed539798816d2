package ai.preceptor.cli.command.inference;

import ai.preceptor.cli.command.EncodableRows;
import ai.preceptor.cli.console.ProgressLine;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.cli.keys.inference.PairScoringConfig;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Preference;
import ai.preceptor.data.rows.Dataset;
import ai.preceptor.data.rows.JsonlWriter;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.lm.text.Boundary;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads pairs and writes a row per pair, in bounded batches. */
final class PairFile {
    private final PairScoringConfig keys;
    private final Terminal terminal;
    private final Dataset<Preference> pairs;
    private final String name;

    /**
     * Reads the pairs, so that invalid data is reported before a model loads.
     *
     * @param boundary what to do where a prompt's ids are not a prefix
     */
    PairFile(PairScoringConfig keys, Terminal terminal, String name, Boundary boundary) {
        this.keys = keys;
        this.terminal = terminal;
        this.name = name;
        DataKeys data = keys.data();
        this.pairs = EncodableRows.of(
                        RowFormat.PREFERENCES,
                        keys.student().model(),
                        boundary,
                        (row, encoder) -> encoder.encode(row.prompt(), List.of(row.chosen(), row.rejected())))
                .reader()
                .read(data.data(), data.limit(), data.onBadRow());
        terminal.err().println(data.data() + ": " + pairs.report().summary());
        pairs.report().skipped().forEach(line -> terminal.err().println("  skipped " + line));
    }

    /**
     * Applies {@code score} to {@code batch_size} pairs at a time and writes their rows to a temporary file, which takes the output's
     * name at the end.
     *
     * @throws DataException naming the line of a pair for which the model's numbers are not finite
     */
    void write(Function<List<Preference>, List<Map<String, Object>>> score) {
        ProgressLine progress = new ProgressLine(terminal, name, System::nanoTime);
        JsonlWriter.replaceWith(keys.output(), out -> {
            for (int from = 0; from < pairs.size(); from += keys.batchSize()) {
                int to = Math.min(pairs.size(), from + keys.batchSize());
                try {
                    score.apply(pairs.rows().subList(from, to)).forEach(out);
                } catch (NotFiniteException e) {
                    throw pairs.places().get(from + e.index()).problem(String.valueOf(e.getMessage()));
                }
                progress.update(to, pairs.size(), "");
            }
        });
        progress.close();
        terminal.out().println(keys.output() + ": " + pairs.size() + " rows");
    }
}
