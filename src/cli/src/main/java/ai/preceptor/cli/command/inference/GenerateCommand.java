package ai.preceptor.cli.command.inference;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.command.SamplingChoice;
import ai.preceptor.cli.console.ProgressLine;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.cli.keys.OpenTools;
import ai.preceptor.cli.keys.inference.GenerateConfig;
import ai.preceptor.data.Completion;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.rows.Dataset;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.JsonlWriter;
import ai.preceptor.data.rows.RecordedAnswers;
import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.served.ServedStudent;
import ai.preceptor.train.Interrupt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Answers prompts. */
public final class GenerateCommand extends Command<GenerateConfig> {
    /** Prompts between two signs of progress. Fixed, because what is drawn depends on it. */
    private static final int CHUNK = 64;

    public GenerateCommand() {
        super(
                "generate",
                "answers prompts and writes each answer with its tokens and their log-probabilities",
                GenerateConfig.class);
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
                answer(
                        keys,
                        prompts,
                        terminal,
                        interrupt,
                        (some, samples, options) -> student.generate(some, samples, options.seed()));
            }
            return;
        }
        SamplingChoice choice = SamplingChoice.of(keys.decode(), terminal);
        long together = (long) Math.min(CHUNK, prompts.size()) * keys.numGenerations();
        try (Preceptor preceptor = keys.device().open();
                OpenTools tools = keys.tools().open();
                Student student = tools.given(
                        keys.student().model(),
                        model -> choice.student(
                                together,
                                () -> preceptor.student(model, keys.student().frozen())))) {
            answer(keys, prompts, terminal, interrupt, student::generate);
        }
    }

    private void answer(
            GenerateConfig keys,
            Dataset<Prompt> prompts,
            Terminal terminal,
            Interrupt interrupt,
            AnsweringModel student) {
        AtomicLong tokens = new AtomicLong();
        ProgressLine progress = new ProgressLine(terminal, name(), System::nanoTime);
        long began = System.nanoTime();
        JsonlWriter.replaceWith(keys.output(), out -> {
            for (int from = 0; from < prompts.size(); from += CHUNK) {
                List<Prompt> some = prompts.rows().subList(from, Math.min(prompts.size(), from + CHUNK));
                List<List<Completion>> answers = answers(interrupt, student, prompts, keys, from);
                for (int i = 0; i < some.size(); i++) {
                    out.accept(row(some.get(i), answers.get(i)));
                    answers.get(i).forEach(answer -> tokens.addAndGet(answer.length()));
                }
                double speed = tokens.get() / ((System.nanoTime() - began) * 1e-9);
                progress.update(from + some.size(), prompts.size(), String.format(Locale.ROOT, "%.0f tokens/s", speed));
            }
        });
        progress.close();
        terminal.out().println(keys.output() + ": " + prompts.size() + " rows, " + tokens + " tokens");
    }

    /** @throws InterruptedRunException when a stop was asked for: half of the answers would look like all of them */
    private static List<List<Completion>> answers(
            Interrupt interrupt, AnsweringModel student, Dataset<Prompt> prompts, GenerateConfig keys, int from) {
        List<Prompt> some = prompts.rows().subList(from, Math.min(prompts.size(), from + CHUNK));
        try {
            interrupt.onRequest(
                    Thread.currentThread()::interrupt); // which ends a call of the generator between two steps
            return student.generate(some, keys.numGenerations(), options(keys, from));
        } catch (CancellationException stopped) {
            InterruptedRunException told = new InterruptedRunException(
                    "interrupted while prompt " + from + " (0-based) or a later one was answered; nothing is written");
            told.addSuppressed(stopped);
            throw told;
        } catch (NotFiniteException e) {
            String what = keys.student().model() + ": log-probability of a token of its answer";
            throw prompts.places()
                    .get(from + e.index())
                    .problem(String.valueOf(e.at(what, e.index()).getMessage()));
        } finally {
            interrupt.onRequest(() -> {});
            Thread.interrupted(); // the request may have come after the last step
        }
    }

    /** The generator numbers the prompts of one call, so every chunk needs a seed of its own. */
    private static SamplingOptions options(GenerateConfig keys, int from) {
        return new SamplingOptions(keys.sampling(), keys.seed()).stream(from / CHUNK);
    }

    /** A prompt's columns stay, but for one that would be read as scores of the answers. */
    private static Map<String, @Nullable Object> row(Prompt prompt, List<Completion> answers) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("prompt", prompt.text().toJson());
        row.put("completions", answers.stream().map(RecordedAnswers::toRow).toList());
        prompt.columns().forEach((key, value) -> {
            if (!key.equals("scores")) {
                row.putIfAbsent(key, value);
            }
        });
        return row;
    }
}
