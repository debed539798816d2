package ai.preceptor.cli.command.inference;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.cli.command.workers.ChunkBytes;
import ai.preceptor.cli.command.workers.ChunkStage;
import ai.preceptor.cli.command.workers.WorkerDigests;
import ai.preceptor.cli.keys.cluster.LogprobsJob;
import ai.preceptor.data.Preference;
import ai.preceptor.data.rows.RowBytes;
import ai.preceptor.rollout.actor.ChunkWork;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code logprobs} by workers. */
record LogprobsStage() implements ChunkStage<LogprobsJob, List<Preference>, List<Map<String, @Nullable Object>>> {
    @Override
    public String name() {
        return LogprobsCommand.NAME;
    }

    @Override
    public Class<LogprobsJob> keys() {
        return LogprobsJob.class;
    }

    @Override
    public ChunkBytes<List<Preference>, List<Map<String, @Nullable Object>>> bytes() {
        return ChunkBytes.rows(RowBytes.PREFERENCES);
    }

    @Override
    public Map<String, String> digests(LogprobsJob keys) {
        return WorkerDigests.of(keys.student().model(), keys.student().adapter())
                .toMap();
    }

    @Override
    public ChunkWork open(LogprobsJob keys, Preceptor preceptor) {
        Student student = LogprobsCommand.open(keys, preceptor);
        return bytes().work(LogprobsCommand.logprobs(student), student::close);
    }
}
