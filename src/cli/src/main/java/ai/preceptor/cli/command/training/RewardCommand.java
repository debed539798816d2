package ai.preceptor.cli.command.training;

import ai.preceptor.Preceptor;
import ai.preceptor.RewardMeasure;
import ai.preceptor.RewardModel;
import ai.preceptor.RewardSummary;
import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.command.EncodableRows;
import ai.preceptor.cli.command.RankRows;
import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.training.RewardConfig;
import ai.preceptor.cli.report.RewardChapter;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompted;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.eval.RewardReport;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.train.RewardObjective;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Trains a reward model on preferences. */
public final class RewardCommand extends Command<RewardConfig> {
    /** Its name. */
    public static final String NAME = "reward";

    public RewardCommand() {
        super(
                NAME,
                "distils preferences into a reward model, or labeled steps into a process reward model",
                RewardConfig.class);
    }

    @Override
    public void run(RewardConfig keys, Terminal terminal) {
        StageRun.open(name(), keys, keys.output(), keys.training(), terminal).work(run -> train(keys, run));
    }

    private static void train(RewardConfig keys, StageRun run) {
        RankRows rows = RankRows.of(keys.data().data());
        check(keys, rows == RankRows.STEPS);
        switch (rows) {
            case STEPS -> new StepsTraining(keys, run).train();
            case GROUPS -> train(keys, keys.loss().ofGroups(), RowFormat.RANKED_GROUPS, RankedGroup::pairs, run);
            case PAIRS, LABELED -> train(keys, keys.loss().ofPreferences(), RowFormat.PREFERENCES, List::of, run);
        }
    }

    /** Refuses keys that these rows have no use for, before anything is loaded. */
    private static void check(RewardConfig keys, boolean steps) {
        Refusals refusals = Refusals.none();
        if (steps) {
            keys.loss().checkSteps(refusals);
            if (keys.subsetColumn() != null) {
                refusals.refuse("subset_column", "expected none with rows of steps, found " + keys.subsetColumn());
            }
            if (keys.lora().enabled()) {
                refusals.refuse("lora_r", "expected none with rows of steps: a process reward model is trained whole");
            }
        } else {
            keys.loss().checkAnswers(refusals);
        }
        refusals.throwIfAny();
    }

    /** @param pairs of a row, to measure the model on */
    private static <R extends Prompted> void train(
            RewardConfig keys,
            RewardObjective<R> objective,
            RowFormat<R> format,
            Function<R, List<Preference>> pairs,
            StageRun run) {
        long seed = keys.training().seed();
        RowFormat<R> encodable = EncodableRows.of(
                format,
                keys.student().files(),
                Boundary.MOVE,
                (row, encoder) -> objective.pack(row, encoder, PackedBatch.builder()));
        HeldOut<R> rows = HeldOut.read(keys.data(), keys.heldOut(), seed, encodable, run);
        RewardMeasure measure = new RewardMeasure(keys.subsetColumn());
        measure.check(
                rows.test().stream().flatMap(row -> pairs.apply(row).stream()).toList());
        try (Preceptor preceptor = run.open(keys.device(), keys.student());
                RewardModel model = preceptor.rewardModel(
                        keys.student().model(),
                        keys.lora().trained(keys.student(), keys.training().seed()),
                        keys.loss().heads(seed))) {
            RewardSummary summary = model.train(
                    rows.train(),
                    rows.test(),
                    objective,
                    pairs,
                    measure,
                    keys.training(),
                    run.setting(List.of("accuracy", "margin")));
            model.statistics().ifPresent(kept -> kept.write(run.path("model")));
            RewardReport report = summary.measured();
            if (report == null) {
                run.finish(summary.training(), Map.of());
            } else {
                run.finish(summary.training(), report.toRow(), RewardChapter.of(report));
            }
        }
    }
}
