package ai.preceptor.cli.command.inference;

import ai.preceptor.cli.command.EncodableRows;
import ai.preceptor.cli.command.workers.ChunkStage;
import ai.preceptor.cli.command.workers.Chunks;
import ai.preceptor.cli.command.workers.FailedRowException;
import ai.preceptor.cli.command.workers.StageWorkers;
import ai.preceptor.cli.console.ProgressLine;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.cli.keys.inference.PairScoringConfig;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Preference;
import ai.preceptor.data.rows.Dataset;
import ai.preceptor.data.rows.JsonlWriter;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.lm.text.Boundary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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
                        keys.student().files(),
                        boundary,
                        (row, encoder) -> encoder.encode(row.prompt(), List.of(row.chosen(), row.rejected())))
                .reader()
                .read(data.data(), data.limit(), data.onBadRow());
        terminal.err().println(data.data() + ": " + pairs.report().summary());
        pairs.report().skipped().forEach(line -> terminal.err().println("  skipped " + line));
    }

    /** The same as {@link #write}, where workers compute. */
    <K extends Record> void writeByWorkers(
            ChunkStage<K, List<Preference>, List<Map<String, @Nullable Object>>> stage, K job) {
        try (StageWorkers<List<Preference>, List<Map<String, @Nullable Object>>> workers =
                new StageWorkers<>(stage, job, keys.cluster(), new SimpleMeterRegistry(), terminal.err()::println)) {
            write(workers);
        }
    }

    /**
     * Has {@code batch_size} pairs at a time computed and writes their rows to a temporary file, which takes the output's name
     * at the end.
     *
     * @param chunks gives each pair of a batch its row
     * @throws DataException naming the line of a pair for which the model's numbers are not finite
     */
    void write(Chunks<List<Preference>, List<Map<String, @Nullable Object>>> chunks) {
        ProgressLine progress = new ProgressLine(terminal, name, System::nanoTime);
        AtomicInteger done = new AtomicInteger();
        Iterator<List<Preference>> inputs = IntStream.iterate(
                        0, from -> from < pairs.size(), from -> from + keys.batchSize())
                .mapToObj(from -> pairs.rows().subList(from, Math.min(pairs.size(), from + keys.batchSize())))
                .iterator();
        try {
            JsonlWriter.replaceWith(
                    keys.output(),
                    out -> chunks.run(inputs, rows -> {
                        rows.forEach(out);
                        progress.update(done.addAndGet(rows.size()), pairs.size(), "");
                    }));
        } catch (FailedRowException e) {
            throw pairs.places().get(done.get() + e.row()).problem(String.valueOf(e.getMessage()));
        }
        progress.close();
        terminal.out().println(keys.output() + ": " + pairs.size() + " rows");
    }
}
