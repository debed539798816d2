package ai.preceptor.app.command;

import ai.preceptor.Preceptor;
import ai.preceptor.RewardModel;
import ai.preceptor.app.console.Terminal;
import ai.preceptor.app.keys.RewardConfig;
import ai.preceptor.data.Preference;
import ai.preceptor.eval.RewardAccuracy;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.reward.BradleyTerryLoss;
import ai.preceptor.train.TrainSummary;
import java.util.List;
import java.util.Map;

/** Distils preferences into a reward model. */
final class RewardCommand implements Command<RewardConfig> {
    @Override
    public String name() {
        return "reward";
    }

    @Override
    public String summary() {
        return "distils preferences into a reward model (Bradley-Terry)";
    }

    @Override
    public Class<RewardConfig> configuration() {
        return RewardConfig.class;
    }

    @Override
    public void run(RewardConfig keys, Terminal terminal) {
        BradleyTerryLoss loss = new BradleyTerryLoss(keys.loss().centerRewardsCoefficient());
        long seed = keys.training().seed();
        try (StageRun run = StageRun.open(name(), keys, keys.output(), keys.training(), terminal)) {
            RowFormat<Preference> format = RowFormat.preferences()
                    .encodable(
                            keys.student().model(),
                            Boundary.MOVE,
                            (row, encoder) -> encoder.encode(row.prompt(), List.of(row.chosen(), row.rejected())));
            HeldOut<Preference> pairs = HeldOut.read(keys.data(), keys.heldOut(), seed, format, run);
            try (Preceptor preceptor = keys.device().open();
                    RewardModel model = preceptor.rewardModel(
                            keys.student().model(),
                            keys.student().trained(),
                            keys.loss().initHead(),
                            seed)) {
                TrainSummary summary = model.train(
                        pairs.train(), loss, keys.training().config(), run.setting(List.of("accuracy", "margin")));
                Map<String, Object> measured = pairs.test().isEmpty()
                        ? Map.of()
                        : RewardAccuracy.measure(model, pairs.test()).toRow();
                run.finish(summary, measured);
            }
        }
    }
}
