package ai.preceptor.cli.command.inference;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.command.SamplingChoice;
import ai.preceptor.cli.command.workers.ChunkStage;
import ai.preceptor.cli.command.workers.Chunks;
import ai.preceptor.cli.command.workers.FailedRowException;
import ai.preceptor.cli.command.workers.StageWorkers;
import ai.preceptor.cli.console.ProgressLine;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.cli.keys.OpenTools;
import ai.preceptor.cli.keys.inference.GenerateConfig;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.rows.Dataset;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.JsonlWriter;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.served.ServedStudent;
import ai.preceptor.train.Interrupt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Answers prompts. */
public final class GenerateCommand extends Command<GenerateConfig> {
    /** Prompts between two signs of progress. Fixed, because what is drawn depends on it. */
    private static final int CHUNK = 64;

    /** The word that calls it. */
    static final String NAME = "generate";

    public GenerateCommand() {
        super(
                NAME,
                "answers prompts and writes each answer with its tokens and their log-probabilities",
                GenerateConfig.class);
    }

    /** What workers do of it. */
    public static ChunkStage<?, ?, ?> stage() {
        return new GenerateStage();
    }

    @Override
    public void run(GenerateConfig keys, Terminal terminal) {
        Interrupt interrupt = terminal.interrupt(); // from here on a signal is told of
        DataKeys data = keys.data();
        Dataset<Prompt> prompts =
                keys.tools().checked(Datasets::prompts).read(data.data(), data.limit(), data.onBadRow());
        terminal.err().println(data.data() + ": " + prompts.report().summary());
        if (keys.servers().isGiven()) {
            try (ServedStudent student = ServedStudent.open(
                    keys.student().model(), keys.servers(), keys.sampling(), new SimpleMeterRegistry())) {
                AnsweringModel servers = (some, samples, options) -> student.generate(some, samples, options.seed());
                answer(keys, prompts, terminal, interrupt, chunks(keys, servers));
            }
            return;
        }
        if (keys.cluster().isGiven()) {
            try (StageWorkers<List<Prompt>, List<Map<String, @Nullable Object>>> workers = new StageWorkers<>(
                    new GenerateStage(),
                    GenerateStage.job(keys),
                    keys.cluster(),
                    new SimpleMeterRegistry(),
                    terminal.err()::println)) {
                answer(keys, prompts, terminal, interrupt, workers);
            }
            return;
        }
        SamplingChoice choice = SamplingChoice.of(keys.decode(), terminal);
        long together = (long) Math.min(CHUNK, prompts.size()) * keys.numGenerations();
        try (Preceptor preceptor = keys.device().open();
                OpenTools tools = keys.tools().open();
                Student student = tools.given(
                        keys.student().files(),
                        () -> choice.student(
                                together,
                                () -> preceptor.student(
                                        keys.student().model(), keys.student().frozen())))) {
            answer(keys, prompts, terminal, interrupt, chunks(keys, student::generate));
        }
    }

    private static Chunks<List<Prompt>, List<Map<String, @Nullable Object>>> chunks(
            GenerateConfig keys, AnsweringModel model) {
        return Chunks.here(new GenerateChunk(
                keys.student().model(),
                model,
                keys.numGenerations(),
                new SamplingOptions(keys.sampling(), keys.seed())));
    }

    private void answer(
            GenerateConfig keys,
            Dataset<Prompt> prompts,
            Terminal terminal,
            Interrupt interrupt,
            Chunks<List<Prompt>, List<Map<String, @Nullable Object>>> chunks) {
        AtomicInteger done = new AtomicInteger();
        AtomicLong tokens = new AtomicLong();
        ProgressLine progress = new ProgressLine(terminal, name(), System::nanoTime);
        long began = System.nanoTime();
        Iterator<List<Prompt>> inputs = IntStream.iterate(0, from -> from < prompts.size(), from -> from + CHUNK)
                .mapToObj(from -> chunk(prompts, from))
                .iterator();
        try {
            JsonlWriter.replaceWith(
                    keys.output(),
                    out -> chunks.stoppedBy(interrupt).run(inputs, answers -> {
                        List<Prompt> some = chunk(prompts, done.get());
                        for (int i = 0; i < some.size(); i++) {
                            out.accept(row(some.get(i), answers.get(i).get(GenerateChunk.COMPLETIONS)));
                            tokens.addAndGet(GenerateChunk.tokens(answers.get(i)));
                        }
                        done.addAndGet(some.size());
                        double speed = tokens.get() / ((System.nanoTime() - began) * 1e-9);
                        progress.update(done.get(), prompts.size(), String.format(Locale.ROOT, "%.0f tokens/s", speed));
                    }));
        } catch (CancellationException stopped) {
            InterruptedRunException told = new InterruptedRunException(
                    "interrupted while prompt " + done + " (0-based) or a later one was answered; nothing is written");
            told.addSuppressed(stopped);
            throw told;
        } catch (FailedRowException e) {
            throw prompts.places().get(done.get() + e.row()).problem(String.valueOf(e.getMessage()));
        }
        progress.close();
        terminal.out().println(keys.output() + ": " + prompts.size() + " rows, " + tokens + " tokens");
    }

    private static List<Prompt> chunk(Dataset<Prompt> prompts, int from) {
        return prompts.rows().subList(from, Math.min(prompts.size(), from + CHUNK));
    }

    /** A prompt's columns stay, but for one that would be read as scores of the answers. */
    private static Map<String, @Nullable Object> row(Prompt prompt, @Nullable Object completions) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("prompt", prompt.text().toJson());
        row.put(GenerateChunk.COMPLETIONS, completions);
        prompt.columns().forEach((key, value) -> {
            if (!key.equals("scores")) {
                row.putIfAbsent(key, value);
            }
        });
        return row;
    }
}
