package ai.preceptor.cli.command.inference;

import ai.preceptor.PairLogprobs;
import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.command.workers.ChunkFunction;
import ai.preceptor.cli.command.workers.ChunkStage;
import ai.preceptor.cli.command.workers.Chunks;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.cluster.LogprobsJob;
import ai.preceptor.cli.keys.inference.LogprobsConfig;
import ai.preceptor.data.Preference;
import ai.preceptor.lm.text.Boundary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a model's log-probabilities of the answers of pairs. */
public final class LogprobsCommand extends Command<LogprobsConfig> {
    /** The word that calls it. */
    static final String NAME = "logprobs";

    public LogprobsCommand() {
        super(
                NAME,
                "writes the log-probabilities that a model gives the two answers of each pair",
                LogprobsConfig.class);
    }

    /** What workers do of it. */
    public static ChunkStage<?, ?, ?> stage() {
        return new LogprobsStage();
    }

    @Override
    public void run(LogprobsConfig keys, Terminal terminal) {
        Boundary boundary = keys.text().promptBoundary();
        PairFile pairs = new PairFile(keys.pairs(), terminal, name(), boundary);
        LogprobsJob job = new LogprobsJob(keys.pairs().student(), keys.text());
        if (keys.pairs().cluster().isGiven()) {
            pairs.writeByWorkers(new LogprobsStage(), job);
            return;
        }
        try (Preceptor preceptor = keys.pairs().device().open();
                Student student = open(job, preceptor)) {
            pairs.write(Chunks.here(logprobs(student)));
        }
    }

    static Student open(LogprobsJob job, Preceptor preceptor) {
        StudentKeys model = job.student();
        return preceptor.student(model.model(), model.frozen(), job.text().promptBoundary());
    }

    static ChunkFunction<List<Preference>, List<Map<String, @Nullable Object>>> logprobs(Student student) {
        return (chunk, pairs) -> student.logprobs(pairs, pairs.size()).stream()
                .map(LogprobsCommand::row)
                .toList();
    }

    private static Map<String, @Nullable Object> row(PairLogprobs pair) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("logps/chosen", pair.chosen());
        row.put("logps/rejected", pair.rejected());
        row.put("tokens/chosen", pair.chosenTokens());
        row.put("tokens/rejected", pair.rejectedTokens());
        return row;
    }
}
