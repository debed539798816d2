package ai.preceptor.cli.command.inference;

import ai.preceptor.PairRewards;
import ai.preceptor.Preceptor;
import ai.preceptor.RewardModel;
import ai.preceptor.RewardReading;
import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.command.workers.ChunkFunction;
import ai.preceptor.cli.command.workers.ChunkStage;
import ai.preceptor.cli.command.workers.Chunks;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.cluster.ScoreJob;
import ai.preceptor.cli.keys.inference.PairScoringConfig;
import ai.preceptor.cli.keys.inference.ScoreConfig;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Preference;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.RewardBackbone.HeadInit;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.weights.ModelSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a reward model's rewards of the answers of pairs. */
public final class ScoreCommand extends Command<ScoreConfig> {
    /** The word that calls it. */
    static final String NAME = "score";

    public ScoreCommand() {
        super(NAME, "writes the rewards that a reward model gives the two answers of each pair", ScoreConfig.class);
    }

    /** What workers do of it. */
    public static ChunkStage<?, ?, ?> stage() {
        return new ScoreStage();
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
        ScoreJob job = new ScoreJob(keys.student(), all.reading());
        if (keys.cluster().isGiven()) {
            pairs.writeByWorkers(new ScoreStage(), job);
            return;
        }
        try (Preceptor preceptor = keys.device().open();
                RewardModel model = open(job, preceptor)) {
            pairs.write(Chunks.here(rewards(model, all.reading())));
        }
    }

    static RewardModel open(ScoreJob job, Preceptor preceptor) {
        StudentKeys model = job.student();
        return preceptor.rewardModel(model.model(), model.frozen(), HeadInit.ZEROS, 0);
    }

    static ChunkFunction<List<Preference>, List<Map<String, @Nullable Object>>> rewards(
            RewardModel model, RewardReading reading) {
        boolean ensemble = model.model().heads() > 1;
        return (chunk, pairs) -> model.rewards(pairs, pairs.size(), reading).stream()
                .map(pair -> row(pair, ensemble))
                .toList();
    }

    private static Map<String, @Nullable Object> row(PairRewards pair, boolean ensemble) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("rewards/chosen", pair.chosen());
        row.put("rewards/rejected", pair.rejected());
        if (ensemble) {
            row.put("uncertainty/chosen", pair.chosenUncertainty());
            row.put("uncertainty/rejected", pair.rejectedUncertainty());
        }
        return row;
    }
}
