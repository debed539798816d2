package ai.preceptor.cli.command.training;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.command.EncodableRows;
import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.training.SftConfig;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.distill.SftObjective;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.remote.RemoteStudent;
import ai.preceptor.train.TrainSummary;
import java.nio.file.Path;
import java.util.List;

/** Trains a student to imitate answers. */
public final class SftCommand extends Command<SftConfig> {
    public SftCommand() {
        super("sft", "trains a student to imitate answers (prompt and completion, or messages)", SftConfig.class);
    }

    @Override
    public void run(SftConfig keys, Terminal terminal) {
        SftObjective objective = new SftObjective(keys.learnt().tokens(), keys.lossType());
        StageRun.open(name(), keys, keys.output(), keys.training(), terminal).work(run -> train(keys, objective, run));
    }

    private static void train(SftConfig keys, SftObjective objective, StageRun run) {
        Path model = keys.student().model();
        Boundary boundary = keys.text().promptBoundary();
        RowFormat<Demonstration> format = EncodableRows.of(
                RowFormat.DEMONSTRATIONS,
                keys.student().files(),
                boundary,
                (row, encoder) -> objective.pack(row, encoder, PackedBatch.builder()));
        HeldOut<Demonstration> rows =
                HeldOut.read(keys.data(), keys.heldOut(), keys.training().seed(), format, run);
        if (keys.service().isGiven()) {
            trainRemotely(keys, objective, rows, run);
            return;
        }
        try (Preceptor preceptor = run.open(keys.device(), keys.student());
                Student student = preceptor.student(
                        model,
                        keys.lora().trained(keys.student(), keys.training().seed()),
                        boundary)) {
            TrainSummary summary = student.train(
                    objective,
                    null,
                    rows.train(),
                    rows.test(),
                    keys.training(),
                    run.setting(List.of("mean_token_accuracy")));
            run.finish(summary, summary.evaluated());
        }
    }

    private static void trainRemotely(
            SftConfig keys, SftObjective objective, HeldOut<Demonstration> rows, StageRun run) {
        try (RemoteStudent student =
                run.openRemote(keys.student(), keys.text(), keys.service(), keys.lora(), keys.training())) {
            TrainSummary summary = student.train(objective, null, rows.train(), rows.test(), run.setting(List.of()));
            run.finish(summary, summary.evaluated());
        }
    }
}
