package ai.preceptor.app.command;

import ai.preceptor.Preceptor;
import ai.preceptor.RewardModel;
import ai.preceptor.app.console.Terminal;
import ai.preceptor.app.keys.RewardConfig;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompted;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.eval.RewardAccuracy;
import ai.preceptor.lm.PackedBatch;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.reward.BradleyTerryLoss;
import ai.preceptor.reward.BradleyTerryObjective;
import ai.preceptor.reward.RankedRewardObjective;
import ai.preceptor.train.RewardObjective;
import ai.preceptor.train.TrainSummary;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Distils preferences into a reward model. */
final class RewardCommand implements Command<RewardConfig> {
    @Override
    public String name() {
        return "reward";
    }

    @Override
    public String summary() {
        return "distils preferences into a reward model (Bradley-Terry, Plackett-Luce, soft labels)";
    }

    @Override
    public Class<RewardConfig> configuration() {
        return RewardConfig.class;
    }

    @Override
    public void run(RewardConfig keys, Terminal terminal) {
        double centering = keys.loss().centerRewardsCoefficient();
        try (StageRun run = StageRun.open(name(), keys, keys.output(), keys.training(), terminal)) {
            switch (RankRows.of(keys.data().data())) {
                case GROUPS ->
                    train(
                            keys,
                            new RankedRewardObjective(keys.loss().lossType().ranked(centering)),
                            RowFormat.rankedGroups(),
                            RankedGroup::pairs,
                            run);
                case PAIRS, VERDICTS ->
                    train(
                            keys,
                            new BradleyTerryObjective(new BradleyTerryLoss(centering)),
                            RowFormat.preferences(),
                            List::of,
                            run);
            }
        }
    }

    /** @param pairs of a row, to measure the model on */
    private static <R extends Prompted> void train(
            RewardConfig keys,
            RewardObjective<R> objective,
            RowFormat<R> format,
            Function<R, List<Preference>> pairs,
            StageRun run) {
        long seed = keys.training().seed();
        RowFormat<R> encodable = format.encodable(
                keys.student().model(),
                Boundary.MOVE,
                (row, encoder) -> objective.pack(row, encoder, PackedBatch.builder()));
        HeldOut<R> rows = HeldOut.read(keys.data(), keys.heldOut(), seed, encodable, run);
        try (Preceptor preceptor = keys.device().open();
                RewardModel model = preceptor.rewardModel(
                        keys.student().model(),
                        keys.student().trained(),
                        keys.loss().initHead(),
                        seed)) {
            TrainSummary summary = model.train(
                    rows.train(), objective, keys.training().config(), run.setting(List.of("accuracy", "margin")));
            List<Preference> test = rows.test().stream()
                    .flatMap(row -> pairs.apply(row).stream())
                    .toList();
            Map<String, Object> measured = test.isEmpty()
                    ? Map.of()
                    : RewardAccuracy.measure(model, test).toRow();
            run.finish(summary, measured);
        }
    }
}
