package ai.preceptor.app.command;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.app.console.Terminal;
import ai.preceptor.app.keys.RankConfig;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Datasets;
import ai.preceptor.data.OnBadRow;
import ai.preceptor.data.Prompted;
import ai.preceptor.lm.PackedBatch;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.ranking.RankingLoss;
import ai.preceptor.ranking.RankingObjective;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainSummary;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Trains a student on preferences directly. */
final class RankCommand implements Command<RankConfig> {
    @Override
    public String name() {
        return "rank";
    }

    @Override
    public String summary() {
        return "trains a student directly on preferences or rankings (DPO, RRHF, PRO)";
    }

    @Override
    public Class<RankConfig> configuration() {
        return RankConfig.class;
    }

    @Override
    public void run(RankConfig keys, Terminal terminal) {
        RankingLoss loss = keys.loss().loss();
        try (StageRun run = StageRun.open(name(), keys, keys.output(), keys.training(), terminal)) {
            if (holdsGroups(keys.data().data())) {
                train(keys, RankingObjective.ofGroups(loss), RowFormat.rankedGroups(), run);
            } else {
                train(keys, RankingObjective.ofPreferences(loss), RowFormat.preferences(), run);
            }
        }
    }

    /** Groups have {@code responses}; what cannot be read here is told by the reader of pairs, with its place. */
    private static boolean holdsGroups(Path file) {
        try {
            return Datasets.prompts(file, 1, OnBadRow.FAIL)
                    .rows()
                    .get(0)
                    .columns()
                    .containsKey("responses");
        } catch (DataException notPrompts) {
            return false;
        }
    }

    private static <R extends Prompted> void train(
            RankConfig keys, RankingObjective<R> objective, RowFormat<R> format, StageRun run) {
        TrainConfig config = keys.training().config();
        Path model = keys.student().model();
        Boundary boundary = keys.text().promptBoundary();
        RowFormat<R> encodable = format.encodable(
                model, boundary, (row, encoder) -> objective.pack(row, encoder, PackedBatch.builder()));
        HeldOut<R> rows =
                HeldOut.read(keys.data(), keys.heldOut(), keys.training().seed(), encodable, run);
        try (Preceptor preceptor = keys.device().open();
                Student student = preceptor.student(model, keys.student().trained(), boundary);
                RankReference<R> reference = RankReference.of(keys, objective, student, preceptor, rows)) {
            TrainSummary summary = student.train(
                    objective,
                    reference.reference(),
                    rows.train(),
                    config,
                    run.setting(List.of("rewards/accuracies", "rewards/margins")));
            Map<String, Double> measured = rows.test().isEmpty()
                    ? Map.of()
                    : student.evaluate(objective, reference.reference(), rows.test(), config);
            run.finish(summary, measured);
        }
    }
}
