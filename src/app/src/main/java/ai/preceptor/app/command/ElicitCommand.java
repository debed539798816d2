package ai.preceptor.app.command;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.app.console.ProgressLine;
import ai.preceptor.app.console.Terminal;
import ai.preceptor.app.keys.DataKeys;
import ai.preceptor.app.keys.ElicitConfig;
import ai.preceptor.app.report.Curve;
import ai.preceptor.app.report.ReportModel;
import ai.preceptor.app.report.StageRow;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Datasets;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.JsonlWriter;
import ai.preceptor.data.LentScorer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.teacher.elicit.Elicitation;
import ai.preceptor.teacher.elicit.JsonlLedger;
import ai.preceptor.teacher.elicit.PreferenceElicitor;
import ai.preceptor.teacher.elicit.PreferenceRows;
import ai.preceptor.teacher.elicit.Provenance;
import ai.preceptor.train.Interrupt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets a student answer and a teacher prefer. */
final class ElicitCommand implements Command<ElicitConfig> {
    /** Best against worst, or as {@code pairs} says; a row a pair. */
    static final String PREFERENCES = "preferences.jsonl";
    /** All answers with their scores; a row a prompt. */
    static final String RANKED = "ranked.jsonl";

    /** Prompts between two writes to the ledger. Fixed, because what is drawn depends on it. */
    private static final int BATCH = 16;

    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    @Override
    public String name() {
        return "elicit";
    }

    @Override
    public String summary() {
        return "lets a student answer prompts and a teacher prefer: writes pairs and ranked groups";
    }

    @Override
    public Class<ElicitConfig> configuration() {
        return ElicitConfig.class;
    }

    @Override
    public void run(ElicitConfig keys, Terminal terminal) {
        long began = System.nanoTime();
        DataKeys data = keys.data();
        try (StageRun run = StageRun.open(name(), keys, keys.output(), keys.resume(), terminal)) {
            Path ledger = run.path("ledger.jsonl");
            if (Files.exists(ledger) && !keys.resume()) {
                throw new ConfigurationException("output: " + ledger
                        + " already holds answers; go on with resume=true or choose another directory");
            }
            List<Prompt> prompts = run.rows(data.data(), Datasets.prompts(data.data(), data.limit(), data.onBadRow()));
            Map<String, Object> paid = new LinkedHashMap<>();
            Elicitation elicited;
            try (ServedRun served =
                    ServedRun.ifGiven(keys.teacher().served(), run.path("."), new SimpleMeterRegistry())) {
                elicited = elicit(keys, served, prompts, ledger, terminal);
                if (served != null) {
                    paid.putAll(served.row());
                }
            }
            JsonlWriter.replace(
                    run.path(PREFERENCES),
                    elicited.preferences().stream().map(PreferenceRows::of).toList());
            JsonlWriter.replace(
                    run.path(RANKED),
                    elicited.groups().stream().map(PreferenceRows::of).toList());
            terminal.out().println(elicited.report().summary());
            terminal.out().println("pairs   " + run.path(PREFERENCES));
            terminal.out().println("ranked  " + run.path(RANKED));
            paid.putAll(elicited.report().toRow());
            run.write(paid, report(run, elicited, (System.nanoTime() - began) * 1e-9));
        }
    }

    private Elicitation elicit(
            ElicitConfig keys, @Nullable ServedRun served, List<Prompt> prompts, Path file, Terminal terminal) {
        String sampler =
                keys.student().model() + " " + keys.sampling() + " x" + keys.numGenerations() + " seed " + keys.seed();
        ProgressLine progress = new ProgressLine(terminal, terminal.label(name()), System::nanoTime);
        Interrupt interrupt = terminal.interrupt();
        try (JsonlLedger ledger =
                        JsonlLedger.open(file, new Provenance(keys.teacher().label(), sampler));
                Preceptor preceptor = keys.device().open();
                Student student =
                        preceptor.student(keys.student().model(), keys.student().frozen());
                Scorer teacher = served == null
                        ? keys.teacher().open(preceptor, keys.student().frozen())
                        : new LentScorer(served)) {
            PreferenceElicitor elicitor = new PreferenceElicitor(
                    teacher,
                    (some, stream) -> student.generate(
                            some, keys.numGenerations(), keys.sampling().options(keys.seed() + GOLDEN_RATIO * stream)),
                    keys.selection().selection(),
                    BATCH);
            return elicitor.elicit(prompts, ledger, (done, total) -> {
                progress.update(done, total, "");
                if (done < total && interrupt.isRequested()) {
                    throw new InterruptedRunException("interrupted after " + done + " of " + total
                            + " prompts, whose answers are in " + file + "; go on with resume=true");
                }
            });
        } finally {
            progress.close();
        }
    }

    private ReportModel report(StageRun run, Elicitation elicited, double seconds) {
        String told = elicited.report().summary();
        Curve none = new Curve("", "", "", List.of());
        return new ReportModel(
                "Preceptor " + name(),
                told,
                List.of(new StageRow(name(), told, seconds)),
                List.of(),
                none,
                List.of(),
                List.of(),
                run.data(),
                run.config());
    }
}
