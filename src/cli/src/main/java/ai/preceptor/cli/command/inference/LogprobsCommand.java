package ai.preceptor.cli.command.inference;

import ai.preceptor.PairLogprobs;
import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.inference.LogprobsConfig;
import ai.preceptor.lm.text.Boundary;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes a model's log-probabilities of the answers of pairs. */
public final class LogprobsCommand extends Command<LogprobsConfig> {
    public LogprobsCommand() {
        super(
                "logprobs",
                "writes the log-probabilities that a model gives the two answers of each pair",
                LogprobsConfig.class);
    }

    @Override
    public void run(LogprobsConfig keys, Terminal terminal) {
        Boundary boundary = keys.text().promptBoundary();
        StudentKeys model = keys.pairs().student();
        PairFile pairs = new PairFile(keys.pairs(), terminal, name(), boundary);
        try (Preceptor preceptor = keys.pairs().device().open();
                Student student = preceptor.student(model.model(), model.frozen(), boundary)) {
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
