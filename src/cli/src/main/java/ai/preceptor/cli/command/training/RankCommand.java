package ai.preceptor.cli.command.training;

import ai.preceptor.Preceptor;
import ai.preceptor.RankOptions;
import ai.preceptor.Student;
import ai.preceptor.StudentSummary;
import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.command.EncodableRows;
import ai.preceptor.cli.command.RankRows;
import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.training.RankConfig;
import ai.preceptor.cli.plugin.OpenPart;
import ai.preceptor.data.LabeledCompletion;
import ai.preceptor.data.Prompted;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.ranking.RankMethod;
import ai.preceptor.ranking.group.GroupObjective;
import ai.preceptor.ranking.pair.PairObjective;
import ai.preceptor.ranking.unpaired.LabeledRow;
import ai.preceptor.ranking.unpaired.UnpairedObjective;
import ai.preceptor.remote.RemoteStudent;
import ai.preceptor.train.Objective;
import ai.preceptor.train.model.LogprobObjective;
import java.util.List;

/** Trains a student on preferences directly. */
public final class RankCommand extends Command<RankConfig> {
    private static final List<String> PAIRS = List.of("rewards/accuracies", "rewards/margins");
    private static final List<String> LABELED = List.of("rewards/chosen", "rewards/rejected");

    public RankCommand() {
        super(
                "rank",
                "trains a student on preferences, rankings, labels or its own answers (DPO, KTO, SimPO, RRHF, PRO)",
                RankConfig.class);
    }

    @Override
    public void run(RankConfig keys, Terminal terminal) {
        StageRun.open(name(), keys, keys.output(), keys.training(), terminal).work(run -> train(keys, run));
    }

    private static void train(RankConfig keys, StageRun run) {
        try (OpenPart own = keys.loss() == null ? null : keys.loss().open()) {
            RankMethod method = keys.method(own);
            keys.requireReference(method);
            if (keys.sampling().online()) {
                new OnlineRank(keys, method, run).train();
                return;
            }
            RankRows kind = RankRows.of(keys.data().rows().data());
            if (method instanceof RankMethod.Unpaired unpaired) {
                labeled(
                        keys,
                        new UnpairedObjective(unpaired.loss(), keys.training().maxLength()),
                        kind,
                        run);
            } else if (method instanceof RankMethod.Pairs pairs && kind == RankRows.GROUPS) {
                ranked(keys, PairObjective.ofGroups(pairs.loss(), pairs.options()), RowFormat.RANKED_GROUPS, run);
            } else if (method instanceof RankMethod.Pairs pairs) {
                ranked(keys, PairObjective.ofPreferences(pairs.loss(), pairs.options()), RowFormat.PREFERENCES, run);
            } else if (method instanceof RankMethod.Groups groups && kind == RankRows.GROUPS) {
                ranked(keys, GroupObjective.ofGroups(groups.loss()), RowFormat.RANKED_GROUPS, run);
            } else if (method instanceof RankMethod.Groups groups) {
                ranked(keys, GroupObjective.ofPreferences(groups.loss()), RowFormat.PREFERENCES, run);
            }
        }
    }

    private static <R extends Prompted> void ranked(
            RankConfig keys, Objective<R> objective, RowFormat<R> format, StageRun run) {
        RowFormat<R> encodable =
                encodable(keys, format, (row, encoder) -> objective.pack(row, encoder, PackedBatch.builder()));
        HeldOut<R> rows =
                HeldOut.read(keys.data().rows(), keys.heldOut(), keys.training().seed(), encodable, run);
        train(keys, objective, rows, run, PAIRS);
    }

    private static void labeled(RankConfig keys, UnpairedObjective objective, RankRows kind, StageRun run) {
        RowFormat<LabeledCompletion> encodable = encodable(
                keys, labeledRows(kind), (row, encoder) -> encoder.encode(row.prompt(), List.of(row.completion())));
        HeldOut<LabeledCompletion> rows =
                HeldOut.read(keys.data().rows(), keys.heldOut(), keys.training().seed(), encodable, run);
        int batch = keys.training().batchSize();
        HeldOut<LabeledRow> rotated =
                new HeldOut<>(LabeledRow.rotate(rows.train(), batch), LabeledRow.rotate(rows.test(), batch));
        train(keys, objective, rotated, run, LABELED);
    }

    /** Single labeled answers, as they stand in the file or as its pairs or groups imply them. */
    private static RowFormat<LabeledCompletion> labeledRows(RankRows kind) {
        return RowFormat.UNPAIRED.readBy((file, maxRows, onBadRow) -> switch (kind) {
            case LABELED -> Datasets.unpaired(file, maxRows, onBadRow);
            case PAIRS, STEPS -> Datasets.preferences(file, maxRows, onBadRow).flatMap(LabeledRow::of);
            case GROUPS -> Datasets.rankedGroups(file, maxRows, onBadRow).flatMap(LabeledRow::of);
        });
    }

    private static <R> RowFormat<R> encodable(
            RankConfig keys, RowFormat<R> format, EncodableRows.Encoding<R> encoding) {
        return EncodableRows.of(format, keys.student().files(), keys.text().promptBoundary(), encoding);
    }

    private static <R extends Prompted> void train(
            RankConfig keys, Objective<R> objective, HeldOut<R> rows, StageRun run, List<String> watched) {
        if (keys.service().isGiven()) {
            trainRemotely(keys, new LogprobObjective<>(objective), rows, run, watched);
            return;
        }
        Precision forward = RankOptions.forward(objective, keys.student().dtype());
        try (Preceptor preceptor = run.open(keys.device(), keys.student());
                Student student = preceptor.student(
                        keys.student().model(),
                        keys.lora().trained(keys.student(), keys.training().seed(), forward),
                        keys.text().promptBoundary())) {
            StudentSummary summary = student.rank(
                    rows.train(), rows.test(), objective, keys.options(), keys.training(), run.setting(watched));
            run.finish(summary.training(), summary.measured());
        }
    }

    private static <R extends Prompted> void trainRemotely(
            RankConfig keys, Objective<R> objective, HeldOut<R> rows, StageRun run, List<String> watched) {
        try (RemoteStudent student =
                run.openRemote(keys.student(), keys.text(), keys.service(), keys.lora(), keys.training())) {
            StudentSummary summary =
                    student.rank(rows.train(), rows.test(), objective, keys.options(), run.setting(watched));
            run.finish(summary.training(), summary.measured());
        }
    }
}
