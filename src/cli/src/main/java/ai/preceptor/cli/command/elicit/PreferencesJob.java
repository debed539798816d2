package ai.preceptor.cli.command.elicit;

import ai.preceptor.Student;
import ai.preceptor.cli.console.PromptsShown;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.inference.ElicitConfig;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.UnownedScorer;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.teacher.elicit.Elicitation;
import ai.preceptor.teacher.elicit.JsonlLedger;
import ai.preceptor.teacher.elicit.PreferenceElicitor;
import ai.preceptor.teacher.elicit.Provenance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code kind=preferences}: a student answers and a teacher ranks the answers. */
final class PreferencesJob implements ElicitJob {
    /** Prompts between two writes to the ledger. Fixed, because what is drawn depends on it. */
    private static final int BATCH = 16;

    private static final String LEDGER = "ledger.jsonl";

    @Override
    public Outcome run(ElicitRun elicit) {
        List<Prompt> prompts = elicit.prompts();
        Path ledger = elicit.path(LEDGER);
        if (Files.exists(ledger) && !elicit.keys().resume()) {
            throw new ConfigurationException(
                    "output: " + ledger + " already holds answers; go on with resume=true or choose another directory");
        }
        Elicitation elicited = elicit(elicit, prompts, ledger);
        Path pairs = elicit.path(ElicitCommand.PREFERENCES);
        Path ranked = elicit.path(ElicitCommand.RANKED);
        RowFormat.PREFERENCES.write(pairs, elicited.preferences());
        RowFormat.RANKED_GROUPS.write(ranked, elicited.groups());
        String summary = elicited.report().summary();
        elicit.terminal().out().println(summary);
        elicit.terminal().out().println("pairs   " + pairs);
        elicit.terminal().out().println("ranked  " + ranked);
        return new Outcome(summary, elicited.report().toRow());
    }

    private static Elicitation elicit(ElicitRun elicit, List<Prompt> prompts, Path file) {
        ElicitConfig keys = elicit.keys();
        StudentKeys answering = keys.student().student();
        // Ledgers know the record by the name that it had when the first was written.
        String sampling = keys.sampling().toString().replace("SamplingSettings", "SamplingKeys");
        String sampler = answering.model() + " " + sampling + " x" + keys.answers() + " seed " + keys.seed();
        try (PromptsShown progress = new PromptsShown(
                        elicit.terminal(),
                        elicit.terminal().label(ElicitCommand.NAME),
                        "",
                        done -> "interrupted after " + done + " of " + prompts.size()
                                + " prompts, whose answers are in " + file + "; go on with resume=true");
                JsonlLedger ledger =
                        JsonlLedger.open(file, new Provenance(keys.teacher().label(), sampler));
                Scorer teacher = elicit.asked() == null
                        ? keys.teacher().open(elicit.preceptor(), answering.frozen())
                        : new UnownedScorer(elicit.asked());
                Student student = elicit.preceptor().student(answering.model(), answering.frozen())) {
            PreferenceElicitor elicitor = new PreferenceElicitor(
                    teacher,
                    (some, stream) -> student.generate(
                            some, keys.answers(), new SamplingOptions(keys.sampling(), keys.seed()).stream(stream)),
                    keys.selection(),
                    BATCH);
            return elicitor.elicit(prompts, ledger, progress);
        }
    }
}
