package ai.preceptor.cli.command.inference;

import ai.preceptor.Preceptor;
import ai.preceptor.RewardModel;
import ai.preceptor.cli.command.workers.ChunkBytes;
import ai.preceptor.cli.command.workers.ChunkStage;
import ai.preceptor.cli.command.workers.WorkerDigests;
import ai.preceptor.cli.keys.cluster.ScoreJob;
import ai.preceptor.data.Preference;
import ai.preceptor.data.rows.RowBytes;
import ai.preceptor.rollout.actor.ChunkWork;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code score} by workers. */
record ScoreStage() implements ChunkStage<ScoreJob, List<Preference>, List<Map<String, @Nullable Object>>> {
    @Override
    public String name() {
        return ScoreCommand.NAME;
    }

    @Override
    public Class<ScoreJob> keys() {
        return ScoreJob.class;
    }

    @Override
    public ChunkBytes<List<Preference>, List<Map<String, @Nullable Object>>> bytes() {
        return ChunkBytes.rows(RowBytes.PREFERENCES);
    }

    @Override
    public Map<String, String> digests(ScoreJob keys) {
        return WorkerDigests.of(keys.student().model(), keys.student().adapter())
                .toMap();
    }

    @Override
    public ChunkWork open(ScoreJob keys, Preceptor preceptor) {
        RewardModel model = ScoreCommand.open(keys, preceptor);
        return bytes().work(ScoreCommand.rewards(model, keys.reading()), model::close);
    }
}
