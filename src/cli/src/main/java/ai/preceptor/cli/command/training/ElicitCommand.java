package ai.preceptor.cli.command.training;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.command.ServedRun;
import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.console.PromptsShown;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.inference.ElicitConfig;
import ai.preceptor.cli.keys.inference.ElicitKind;
import ai.preceptor.cli.report.ReportModel;
import ai.preceptor.cli.report.StageRow;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.UnownedScorer;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.teacher.elicit.Elicitation;
import ai.preceptor.teacher.elicit.JsonlLedger;
import ai.preceptor.teacher.elicit.PreferenceElicitor;
import ai.preceptor.teacher.elicit.Provenance;
import ai.preceptor.teacher.elicit.WrittenDemonstrations;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Lets a student answer prompts and a teacher state its preferences. */
public final class ElicitCommand extends Command<ElicitConfig> {
    /** Best against worst, or as {@code pairs} says; a row a pair. */
    public static final String PREFERENCES = "preferences.jsonl";
    /** All answers with their scores; a row a prompt. */
    public static final String RANKED = "ranked.jsonl";
    /** The teacher's own answers; a row an answer. */
    public static final String DEMONSTRATIONS = "demonstrations.jsonl";

    /** Prompts between two writes to the ledger. Fixed, because what is drawn depends on it. */
    private static final int BATCH = 16;

    private static final String LEDGER = "ledger.jsonl";

    public ElicitCommand() {
        super(
                "elicit",
                "writes training rows: a student answers and a teacher ranks the answers, or the teacher answers",
                ElicitConfig.class);
    }

    @Override
    public void run(ElicitConfig keys, Terminal terminal) {
        long began = System.nanoTime();
        try (StageRun run = StageRun.open(name(), keys, keys.output(), keys.resume(), terminal)) {
            List<Prompt> prompts = run.rows(keys.data(), keys.teacher().rule().checked(Datasets::prompts));
            Map<String, Object> told = new LinkedHashMap<>();
            String summary;
            try (ServedRun served =
                    ServedRun.ifGiven(keys.teacher().served(), run.path("."), new SimpleMeterRegistry())) {
                summary = keys.kind() == ElicitKind.PREFERENCES
                        ? preferences(keys, served, prompts, run, told)
                        : demonstrations(keys, served, prompts, run, told);
                if (served != null) {
                    told.putAll(served.row());
                    if (!served.missing().isEmpty()) {
                        terminal.out().println("calls without an answer: " + served.missing());
                    }
                }
            }
            run.write(told, report(run, summary, (System.nanoTime() - began) * 1e-9));
        }
    }

    private String preferences(
            ElicitConfig keys,
            @Nullable ServedRun served,
            List<Prompt> prompts,
            StageRun run,
            Map<String, Object> told) {
        Path ledger = run.path(LEDGER);
        if (Files.exists(ledger) && !keys.resume()) {
            throw new ConfigurationException(
                    "output: " + ledger + " already holds answers; go on with resume=true or choose another directory");
        }
        Elicitation elicited = elicit(keys, served, prompts, ledger, run.terminal());
        RowFormat.PREFERENCES.write(run.path(PREFERENCES), elicited.preferences());
        RowFormat.RANKED_GROUPS.write(run.path(RANKED), elicited.groups());
        String summary = elicited.report().summary();
        run.terminal().out().println(summary);
        run.terminal().out().println("pairs   " + run.path(PREFERENCES));
        run.terminal().out().println("ranked  " + run.path(RANKED));
        told.putAll(elicited.report().toRow());
        return summary;
    }

    private String demonstrations(
            ElicitConfig keys,
            @Nullable ServedRun served,
            List<Prompt> prompts,
            StageRun run,
            Map<String, Object> told) {
        WrittenDemonstrations written = served == null
                ? written(keys, prompts, run.terminal())
                : written(keys, served, prompts, run.terminal());
        if (written.rows().isEmpty()) {
            throw new DataException("elicit: nothing to learn from: " + written.summary());
        }
        RowFormat.DEMONSTRATIONS.write(run.path(DEMONSTRATIONS), written.rows());
        run.terminal().out().println(written.summary());
        run.terminal().out().println("rows    " + run.path(DEMONSTRATIONS));
        told.putAll(written.toRow());
        return written.summary();
    }

    private static WrittenDemonstrations written(
            ElicitConfig keys, ServedRun served, List<Prompt> prompts, Terminal terminal) {
        return TeacherAnswers.written(
                prompts,
                served.answering(keys.sampling(), keys.answers(), keys.seed()),
                terminal,
                "interrupted while the teacher answered; what it answered is in the ledger of calls, go on with"
                        + " resume=true");
    }

    private static WrittenDemonstrations written(ElicitConfig keys, List<Prompt> prompts, Terminal terminal) {
        Path teacher = Objects.requireNonNull(keys.teacher().teacher(), "checked");
        if (ModelSource.of(teacher).reward()) {
            throw new ConfigurationException(
                    "teacher: expected a language model with kind=demonstrations, found a reward model in " + teacher);
        }
        try (Preceptor preceptor = keys.device().open();
                Student writer = preceptor.student(teacher, keys.student().teacher())) {
            return TeacherAnswers.written(
                    prompts,
                    (some, stream) -> writer.generate(
                            some, keys.answers(), new SamplingOptions(keys.sampling(), keys.seed()).stream(stream)),
                    terminal,
                    "interrupted while the teacher answered; no answers are kept");
        }
    }

    private Elicitation elicit(
            ElicitConfig keys, @Nullable ServedRun served, List<Prompt> prompts, Path file, Terminal terminal) {
        StudentKeys answering = keys.student().student();
        // Ledgers know the record by the name that it had when the first was written.
        String sampling = keys.sampling().toString().replace("SamplingSettings", "SamplingKeys");
        String sampler = answering.model() + " " + sampling + " x" + keys.answers() + " seed " + keys.seed();
        try (PromptsShown progress = new PromptsShown(
                        terminal,
                        terminal.label(name()),
                        "",
                        done -> "interrupted after " + done + " of " + prompts.size()
                                + " prompts, whose answers are in " + file + "; go on with resume=true");
                JsonlLedger ledger =
                        JsonlLedger.open(file, new Provenance(keys.teacher().label(), sampler));
                Preceptor preceptor = keys.device().open();
                Scorer teacher = served == null
                        ? keys.teacher().open(preceptor, answering.frozen())
                        : new UnownedScorer(served);
                Student student = preceptor.student(answering.model(), answering.frozen())) {
            PreferenceElicitor elicitor = new PreferenceElicitor(
                    teacher,
                    (some, stream) -> student.generate(
                            some, keys.answers(), new SamplingOptions(keys.sampling(), keys.seed()).stream(stream)),
                    keys.selection(),
                    BATCH);
            return elicitor.elicit(prompts, ledger, progress);
        }
    }

    private ReportModel report(StageRun run, String told, double seconds) {
        List<StageRow> stages = List.of(new StageRow(name(), told, seconds));
        return new ReportModel("Preceptor " + name(), told, List.of(), List.of(), stages, run.data(), run.config());
    }
}
