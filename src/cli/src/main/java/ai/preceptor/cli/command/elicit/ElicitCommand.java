package ai.preceptor.cli.command.elicit;

import ai.preceptor.Preceptor;
import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.command.RowCopies;
import ai.preceptor.cli.command.SamplingChoice;
import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.command.TeacherRun;
import ai.preceptor.cli.command.elicit.ElicitJob.Outcome;
import ai.preceptor.cli.command.workers.ChunkStage;
import ai.preceptor.cli.command.workers.StageWorkers;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.inference.ElicitConfig;
import ai.preceptor.cli.keys.inference.ElicitKind;
import ai.preceptor.cli.report.ReportModel;
import ai.preceptor.cli.report.StageRow;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.teacher.elicit.AnswerBatch;
import ai.preceptor.teacher.elicit.Elicited;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes rows to train on, with a teacher. */
public final class ElicitCommand extends Command<ElicitConfig> {
    /** The word that calls it. */
    static final String NAME = "elicit";

    /** Best against worst, or as {@code pairs} says; a row a pair. */
    public static final String PREFERENCES = "preferences.jsonl";

    /** All answers with their scores; a row a prompt. */
    public static final String RANKED = "ranked.jsonl";

    /** The teacher's own answers; a row an answer. */
    public static final String DEMONSTRATIONS = "demonstrations.jsonl";

    /** Prompts that the teacher wrote; a row a prompt. */
    public static final String PROMPTS = "prompts.jsonl";

    /** Prompts that were left out, with reasons. */
    public static final String DROPPED = "dropped.jsonl";

    public ElicitCommand() {
        super(
                NAME,
                "writes training rows with a teacher: rankings, selections or corrections of answers, its own answers, prompts",
                ElicitConfig.class);
    }

    /** What workers do of it. */
    public static ChunkStage<?, ?, ?> stage() {
        return new AnswersStage();
    }

    @Override
    public void run(ElicitConfig keys, Terminal terminal) {
        long began = System.nanoTime();
        if (keys.output().output() != null) {
            StudentAnswers.requireNew(keys.output().output(), keys.resume());
        }
        StageRun.open(name(), keys, keys.output(), keys.resume(), terminal).work(run -> elicit(keys, run, began));
    }

    private void elicit(ElicitConfig keys, StageRun run, long began) {
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        ElicitJob job = job(keys, run);
        Outcome outcome;
        SamplingChoice choice = SamplingChoice.of(keys.decode(), run, keys.resume(), writers(keys));
        TeacherRun.Asking asking = asking(keys);
        asking.requireWords();
        try (Preceptor preceptor = keys.device().open();
                StageWorkers<AnswerBatch, List<Elicited>> workers = workers(keys, run);
                TeacherRun asked = TeacherRun.ifAsked(
                        asking,
                        run.path("."),
                        run.meters(),
                        preceptor,
                        keys.student().teacher().withDecode(chosen(choice, keys, job.together(), preceptor)))) {
            ElicitRun elicit = new ElicitRun(keys, run, preceptor, asked, choice.settings(), workers);
            outcome = TeacherRun.stoppable(asked, run.terminal(), () -> job.run(elicit));
            figures.putAll(outcome.figures());
            figures.putAll(choice.row());
            if (asked != null) {
                figures.putAll(asked.row());
                if (!asked.missing().isEmpty()) {
                    run.terminal().out().println("calls without an answer: " + asked.missing());
                }
            }
        }
        run.card(figures, List.of(PREFERENCES, RANKED, DEMONSTRATIONS, PROMPTS));
        RowCopies.write(run, keys.rows(), List.of(PREFERENCES, RANKED, DEMONSTRATIONS, PROMPTS));
        run.write(figures, report(run, outcome.told(), (System.nanoTime() - began) * 1e-9));
    }

    private static @Nullable StageWorkers<AnswerBatch, List<Elicited>> workers(ElicitConfig keys, StageRun run) {
        return keys.cluster().isGiven()
                ? new StageWorkers<>(
                        new AnswersStage(),
                        AnswersStage.job(keys, keys.student().students().get(0)),
                        keys.cluster(),
                        run.meters(),
                        run.terminal().err()::println)
                : null;
    }

    /** Who is asked in words, if somebody is: for corrections and prompts always, else as it judges. */
    static TeacherRun.Asking asking(ElicitConfig keys) {
        ElicitConfig.TeacherKeys teacher = keys.teacher();
        List<Path> local = teacher.teacher();
        boolean always = keys.kind() == ElicitKind.CORRECTIONS || keys.kind() == ElicitKind.PROMPTS;
        return local != null && always
                ? new TeacherRun.Asking(local, teacher.served(), teacher.judging(), keys.seed())
                : TeacherRun.Asking.of(local, teacher.served(), teacher.judging(), keys.seed());
    }

    /** Models on this machine that write, the first of them first. */
    private static List<Path> writers(ElicitConfig keys) {
        boolean read = keys.kind() == ElicitKind.PREFERENCES
                && keys.teacher().judging().readsLabels();
        List<Path> asked =
                keys.kind() == ElicitKind.DEMONSTRATIONS && !keys.teacher().isAsked()
                        ? List.of(keys.teacher().one())
                        : asking(keys).local();
        List<Path> students = Objects.requireNonNullElse(keys.student().model(), List.of());
        return Stream.concat(students.stream(), read ? Stream.empty() : asked.stream())
                .toList();
    }

    /** What computes steps, chosen by the first model that writes: what was kept of an earlier process is named by it. */
    private static DecodeSettings chosen(SamplingChoice choice, ElicitConfig keys, int together, Preceptor preceptor) {
        choice.choose(
                (long) together * keys.answers(),
                preceptor.torch(),
                () -> keys.student().model() == null
                        ? preceptor.student(keys.teacher().one(), keys.student().teacher())
                        : preceptor.student(
                                keys.student().students().get(0).model(),
                                keys.student().students().get(0).frozen()));
        return choice.settings();
    }

    private static ElicitJob job(ElicitConfig keys, StageRun run) {
        return switch (keys.kind()) {
            case PREFERENCES -> keys.choosing().byRow() ? new RowPairsJob(keys, run) : new PreferencesJob(keys, run);
            case DEMONSTRATIONS -> new DemonstrationsJob(keys, run);
            case CORRECTIONS -> new CorrectionsJob(keys, run);
            case PROMPTS -> new PromptsJob(keys, run);
        };
    }

    private ReportModel report(StageRun run, String told, double seconds) {
        List<StageRow> stages = List.of(new StageRow(name(), told, seconds));
        return new ReportModel("Preceptor " + name(), told, List.of(), List.of(), stages, run.data(), run.config());
    }
}
