package ai.preceptor.cli.command.curation;

import ai.preceptor.Preceptor;
import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.command.RowCopies;
import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.curation.CurateConfig;
import ai.preceptor.cli.keys.curation.ModelFilterKeys;
import ai.preceptor.cli.plugin.OpenPart;
import ai.preceptor.cli.report.ReportModel;
import ai.preceptor.cli.report.StageRow;
import ai.preceptor.data.DataException;
import ai.preceptor.data.files.AtomicFiles;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.JsonlWriter;
import ai.preceptor.data.rows.SourceRow;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.run.LocalPerplexity;
import ai.preceptor.teacher.curate.Curated;
import ai.preceptor.teacher.curate.Curation;
import ai.preceptor.teacher.curate.LengthFilter;
import ai.preceptor.teacher.curate.PerplexityFilter;
import ai.preceptor.teacher.curate.RowFilter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Drops rows of a file: repeats, near-duplicates and what is out of bounds. */
public final class CurateCommand extends Command<CurateConfig> {
    /** Rows that stay, each as it was. */
    public static final String CURATED = "curated.jsonl";
    /** The others, with their lines and reasons. */
    public static final String DROPPED = "dropped.jsonl";

    public CurateCommand() {
        super("curate", "drops rows of a file: repeats, near-duplicates, what is out of bounds", CurateConfig.class);
    }

    @Override
    public void run(CurateConfig keys, Terminal terminal) {
        StageRun.open(name(), keys, keys.output(), keys.resume(), terminal).work(run -> curate(keys, run));
    }

    private void curate(CurateConfig keys, StageRun run) {
        long began = System.nanoTime();
        Terminal terminal = run.terminal();
        List<SourceRow> rows = run.rows(keys.data(), Datasets::sources);
        Curated curated = curated(keys, rows);
        write(run.path(CURATED), curated.kept());
        JsonlWriter.replaceWith(run.path(DROPPED), out -> curated.dropped().forEach(one -> out.accept(one.toRow())));
        terminal.out().println(curated.summary());
        terminal.out().println("kept    " + run.path(CURATED));
        terminal.out().println("dropped " + run.path(DROPPED));
        if (curated.kept().isEmpty()) {
            throw new DataException("no row is left: " + curated.summary() + first(curated));
        }
        RowCopies.write(run, keys.rows(), List.of(CURATED));
        List<StageRow> stages = List.of(new StageRow(name(), curated.summary(), (System.nanoTime() - began) * 1e-9));
        run.card(curated.toRow(), List.of(CURATED));
        run.write(
                curated.toRow(),
                new ReportModel(
                        "Preceptor curate", curated.summary(), List.of(), List.of(), stages, run.data(), run.config()));
    }

    /** Why the first row was dropped; empty if there was none. */
    private static String first(Curated curated) {
        return curated.dropped().stream()
                .findFirst()
                .map(one -> "; the first, at " + one.row().place() + ": "
                        + one.drop().detail())
                .orElse("");
    }

    private static Curated curated(CurateConfig keys, List<SourceRow> rows) {
        ModelFilterKeys models = keys.models();
        Path directory = models.perplexityModel();
        try (OpenPart own = keys.filter() == null ? null : keys.filter().open();
                Tokenizer tokenizer = models.tokenizer() == null ? null : Tokenizer.load(models.tokenizer());
                Preceptor preceptor = directory == null ? null : keys.device().open();
                LocalPerplexity perplexity = directory == null || preceptor == null
                        ? null
                        : preceptor.perplexity(directory, new LoadOptions(Precision.FLOAT32, false))) {
            return new Curation(filters(keys, tokenizer, perplexity, own)).of(rows);
        }
    }

    private static List<RowFilter> filters(
            CurateConfig keys,
            @Nullable Tokenizer tokenizer,
            @Nullable LocalPerplexity perplexity,
            @Nullable OpenPart own) {
        ModelFilterKeys models = keys.models();
        List<RowFilter> filters = new ArrayList<>(keys.filters().filters());
        if (tokenizer != null) {
            filters.add(new LengthFilter(
                    keys.filters().text(),
                    "tokens",
                    text -> tokenizer.encode(text, false).length,
                    models.minTokens(),
                    models.maxTokens()));
        }
        if (perplexity != null) {
            filters.add(new PerplexityFilter(
                    keys.filters().text(), perplexity, models.minPerplexity(), models.maxPerplexity()));
        }
        if (own != null) {
            filters.add(new OwnFilter(own.require(RowFilter.class)));
        }
        return filters;
    }

    private static void write(Path file, List<SourceRow> rows) {
        AtomicFiles.write(file, out -> {
            for (SourceRow row : rows) {
                out.write((row.source() + "\n").getBytes(StandardCharsets.UTF_8));
            }
        });
    }
}
