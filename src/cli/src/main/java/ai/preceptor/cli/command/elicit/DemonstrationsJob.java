package ai.preceptor.cli.command.elicit;

import ai.preceptor.Student;
import ai.preceptor.cli.command.AnsweredPrompts;
import ai.preceptor.cli.keys.inference.ElicitConfig;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.teacher.elicit.WrittenDemonstrations;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** {@code kind=demonstrations}: the teacher answers. */
final class DemonstrationsJob implements ElicitJob {
    @Override
    public Outcome run(ElicitRun elicit) {
        List<Prompt> prompts = elicit.prompts();
        WrittenDemonstrations written = elicit.asked() == null ? local(elicit, prompts) : asked(elicit, prompts);
        if (written.rows().isEmpty()) {
            throw new DataException("elicit: nothing to learn from: " + written.summary());
        }
        Path file = elicit.path(ElicitCommand.DEMONSTRATIONS);
        RowFormat.DEMONSTRATIONS.write(file, written.rows());
        elicit.terminal().out().println(written.summary());
        elicit.terminal().out().println("rows    " + file);
        return new Outcome(written.summary(), written.toRow());
    }

    private static WrittenDemonstrations asked(ElicitRun elicit, List<Prompt> prompts) {
        ElicitConfig keys = elicit.keys();
        return AnsweredPrompts.written(
                prompts,
                elicit.requireAsked().answering(keys.sampling(), keys.answers(), keys.seed()),
                elicit.terminal(),
                "interrupted while the teacher answered; what it answered is in the ledger of calls, go on with"
                        + " resume=true");
    }

    private static WrittenDemonstrations local(ElicitRun elicit, List<Prompt> prompts) {
        ElicitConfig keys = elicit.keys();
        Path teacher = Objects.requireNonNull(keys.teacher().teacher(), "checked");
        if (ModelSource.of(teacher).reward()) {
            throw new ConfigurationException(
                    "teacher: expected a language model with kind=demonstrations, found a reward model in " + teacher);
        }
        try (Student writer = elicit.preceptor().student(teacher, keys.student().teacher())) {
            return AnsweredPrompts.written(
                    prompts,
                    (some, stream) -> writer.generate(
                            some, keys.answers(), new SamplingOptions(keys.sampling(), keys.seed()).stream(stream)),
                    elicit.terminal(),
                    "interrupted while the teacher answered; no answers are kept");
        }
    }
}
