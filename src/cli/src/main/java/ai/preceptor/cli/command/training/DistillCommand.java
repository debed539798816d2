package ai.preceptor.cli.command.training;

import ai.preceptor.DistillOptions;
import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.StudentSummary;
import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.command.SamplingChoice;
import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.command.workers.ChunkStage;
import ai.preceptor.cli.command.workers.StageWorkers;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.training.DistillConfig;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.distill.SftObjective;
import ai.preceptor.lm.TopTokens;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainSummary;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Trains a student towards a teacher's next-token distributions, or on the teacher's own answers. */
public final class DistillCommand extends Command<DistillConfig> {
    /** The word that calls it. */
    static final String NAME = "distill";

    public DistillCommand() {
        super(
                NAME,
                "trains a student on a teacher's distributions (KL, JSD and others): offline, online or self-distillation",
                DistillConfig.class);
    }

    /** What workers do of it. */
    public static ChunkStage<?, ?, ?> stage() {
        return new TeacherStage();
    }

    @Override
    public void run(DistillConfig keys, Terminal terminal) {
        if (!keys.loss().isSftAlone()
                && !keys.loss().allowsOtherVocabulary()
                && !keys.served().isGiven()) {
            keys.teachers()
                    .forEach(teacher ->
                            DistillOptions.requireSameVocabulary(keys.student().model(), teacher));
        }
        StageRun.open(name(), keys, keys.output(), keys.training(), terminal).work(run -> train(keys, run));
    }

    private static void train(DistillConfig keys, StageRun run) {
        HeldOut<Demonstration> rows = rows(keys, run);
        Boundary boundary = keys.text().promptBoundary();
        List<Path> models = Stream.concat(
                        keys.answers().seqKd() ? keys.teachers().stream() : Stream.empty(),
                        Stream.of(keys.student().model()))
                .toList();
        SamplingChoice choice =
                SamplingChoice.of(keys.decode(), run, keys.training().resume(), models);
        try (Preceptor preceptor = run.open(keys.device(), keys.student())) {
            HeldOut<Demonstration> answered =
                    keys.answers().seqKd() ? new TeacherAnswers(keys, run, choice).replace(rows, preceptor) : rows;
            try (Student student = choice.student(
                    keys.answersTogether(),
                    () -> preceptor.student(
                            keys.student().model(),
                            keys.lora().trained(keys.student(), keys.training().seed()),
                            boundary))) {
                train(keys, student, answered, run, choice);
            }
        }
    }

    private static HeldOut<Demonstration> rows(DistillConfig keys, StageRun run) {
        RowFormat<Demonstration> format = RowFormat.DEMONSTRATIONS.readBy((file, maxRows, onBadRow) ->
                new DistillRows(keys, file.equals(keys.data().data())).read(file, maxRows, onBadRow));
        return HeldOut.read(keys.data(), keys.heldOut(), keys.training().seed(), format, run);
    }

    private static void train(
            DistillConfig keys, Student student, HeldOut<Demonstration> rows, StageRun run, SamplingChoice choice) {
        TrainConfig config = keys.training();
        List<String> watched = List.of("entropy", "mean_token_accuracy");
        if (keys.loss().isSftAlone()) {
            SftObjective objective = new SftObjective(keys.learnt().lastTurns());
            TrainSummary summary =
                    student.train(objective, null, rows.train(), rows.test(), config, run.setting(watched));
            Map<String, Object> row = new LinkedHashMap<>(summary.evaluated());
            row.putAll(choice.row());
            run.finish(summary, row);
            return;
        }
        try (ServedTopK served = ServedTopK.ifGiven(keys, student, run.path("."), run.meters());
                StageWorkers<TeacherRows, List<TopTokens>> workers = workers(keys, run)) {
            DistillOptions options = served != null
                    ? keys.options(keys.servedRole(served.distributions(), run.path(".")))
                    : workers != null ? keys.options(TeacherStage.passes(workers)) : keys.options();
            StudentSummary summary =
                    student.distill(keys.teachers(), rows.train(), rows.test(), options, config, run.setting(watched));
            Map<String, Object> row = new LinkedHashMap<>(summary.measured());
            row.putAll(choice.row());
            if (served != null) {
                row.putAll(served.row());
            }
            run.finish(summary.training(), row);
        }
    }

    private static @Nullable StageWorkers<TeacherRows, List<TopTokens>> workers(DistillConfig keys, StageRun run) {
        return keys.cluster().isGiven()
                ? new StageWorkers<>(
                        new TeacherStage(),
                        TeacherStage.job(keys),
                        keys.cluster(),
                        run.meters(),
                        run.terminal().err()::println)
                : null;
    }
}
