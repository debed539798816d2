package ai.preceptor.cli.command.inference;

import ai.preceptor.PairRewards;
import ai.preceptor.Preceptor;
import ai.preceptor.RewardModel;
import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.inference.PairScoringConfig;
import ai.preceptor.cli.keys.inference.ScoreConfig;
import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.RewardBackbone.HeadInit;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.weights.ModelSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a reward model's rewards of the answers of pairs. */
public final class ScoreCommand extends Command<ScoreConfig> {
    public ScoreCommand() {
        super("score", "writes the rewards that a reward model gives the two answers of each pair", ScoreConfig.class);
    }

    @Override
    public void run(ScoreConfig all, Terminal terminal) {
        PairScoringConfig keys = all.pairs();
        DecoderConfig config = DecoderConfig.read(keys.student().model());
        if (!ModelSource.of(keys.student().model(), keys.student().adapter()).reward()) {
            throw new DataException(keys.student().model() + ": expected a reward model, found "
                    + config.architecture().label() + ", which has no scalar head");
        }
        all.reading().requireSteps(List.of(keys.student().model()));
        PairFile pairs = new PairFile(keys, terminal, name(), Boundary.MOVE);
        try (Preceptor preceptor = keys.device().open();
                RewardModel model = preceptor.rewardModel(
                        keys.student().model(), keys.student().frozen(), HeadInit.ZEROS, 0)) {
            boolean ensemble = model.model().heads() > 1;
            pairs.write(some -> model.rewards(some, some.size(), all.reading()).stream()
                    .map(pair -> row(pair, ensemble))
                    .toList());
        }
    }

    private static Map<String, Object> row(PairRewards pair, boolean ensemble) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("rewards/chosen", pair.chosen());
        row.put("rewards/rejected", pair.rejected());
        if (ensemble) {
            row.put("uncertainty/chosen", pair.chosenUncertainty());
            row.put("uncertainty/rejected", pair.rejectedUncertainty());
        }
        return row;
    }
}
