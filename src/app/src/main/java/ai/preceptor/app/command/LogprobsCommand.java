package ai.preceptor.app.command;

import ai.preceptor.PairLogprobs;
import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.app.console.Terminal;
import ai.preceptor.app.keys.PairScoringConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes what a model gives the answers of pairs. */
final class LogprobsCommand implements Command<PairScoringConfig> {
    @Override
    public String name() {
        return "logprobs";
    }

    @Override
    public String summary() {
        return "writes the log-probabilities that a model gives the two answers of each pair";
    }

    @Override
    public Class<PairScoringConfig> configuration() {
        return PairScoringConfig.class;
    }

    @Override
    public void run(PairScoringConfig keys, Terminal terminal) {
        PairFile pairs = new PairFile(keys, terminal, name());
        try (Preceptor preceptor = keys.device().open();
                Student student =
                        preceptor.student(keys.student().model(), keys.student().frozen())) {
            pairs.write(some -> student.logprobs(some, some.size()).stream()
                    .map(LogprobsCommand::row)
                    .toList());
        }
    }

    private static Map<String, Object> row(PairLogprobs pair) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("logps/chosen", pair.chosen());
        row.put("logps/rejected", pair.rejected());
        row.put("tokens/chosen", pair.chosenTokens());
        row.put("tokens/rejected", pair.rejectedTokens());
        return row;
    }
}
