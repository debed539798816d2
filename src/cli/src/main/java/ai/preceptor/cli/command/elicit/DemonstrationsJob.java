package ai.preceptor.cli.command.elicit;

import ai.preceptor.cli.command.AnsweredPrompts;
import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.command.TeacherRun;
import ai.preceptor.cli.keys.inference.ElicitConfig;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Prompt;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.run.ModelDigest;
import ai.preceptor.teacher.demonstration.DemonstrationRows;
import ai.preceptor.teacher.demonstration.KeptSampler;
import ai.preceptor.teacher.elicit.AnswerSampler;
import ai.preceptor.teacher.elicit.RowCounts;
import ai.preceptor.teacher.ledger.CallLedger;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code kind=demonstrations}: the teacher answers. */
final class DemonstrationsJob implements ElicitJob {
    private final List<Prompt> prompts;

    /** As the teacher reads them. */
    private final List<Prompt> shown;

    DemonstrationsJob(ElicitConfig keys, StageRun run) {
        if (!keys.teacher().isAsked()) {
            requireWords(keys.teacher().one());
        }
        this.prompts = new ElicitRows(keys, run).prompts();
        this.shown = keys.demonstrations().context(keys.seed()).before(prompts);
    }

    private static void requireWords(Path teacher) {
        if (ModelSource.of(teacher).reward()) {
            throw new ConfigurationException(
                    "teacher: expected a language model with kind=demonstrations, found a reward model in " + teacher);
        }
    }

    @Override
    public int together() {
        return Math.min(AnswerSampler.BATCH, prompts.size());
    }

    @Override
    public Outcome run(ElicitRun elicit) {
        ElicitConfig keys = elicit.keys();
        DemonstrationRows rows = new DemonstrationRows(
                keys.demonstrations().cot(),
                keys.demonstrations().checksAnswers(),
                keys.choosing().answers().maxPerPrompt(),
                keys.choosing().answers().dropUnfinished());
        AnsweredPrompts asked = new AnsweredPrompts(
                prompts,
                shown,
                rows,
                "interrupted while the teacher answered; what it answered is in the ledger of calls, continue with"
                        + " resume=true",
                counts -> "elicit: nothing to learn from: " + counts.summary());
        Path file = elicit.path(ElicitCommand.DEMONSTRATIONS);
        RowCounts written = write(elicit, asked, file);
        elicit.terminal().out().println(written.summary());
        elicit.terminal().out().println("rows    " + file);
        Map<String, Object> figures = new LinkedHashMap<>(written.toRow());
        if (rows.checked()) {
            figures.put("prompts/unchecked", DemonstrationRows.unchecked(prompts));
        }
        return new Outcome(written.summary(), figures);
    }

    private static RowCounts write(ElicitRun elicit, AnsweredPrompts prompts, Path file) {
        ElicitConfig keys = elicit.keys();
        TeacherRun asked = elicit.asked();
        if (asked != null) {
            AnswerSampler sampler = asked.answering(keys.sampling(), keys.answers(), keys.seed());
            return prompts.write(file, sampler, elicit.terminal());
        }
        Path teacher = keys.teacher().one();
        LoadOptions loading = keys.student().teacher();
        Path own = keys.teacher().served().teacherLedger();
        try (CallLedger ledger = CallLedger.open(own == null ? elicit.path(TeacherRun.LEDGER) : own);
                LazyModel writer = new LazyModel(elicit, teacher, loading)) {
            String identity = ModelDigest.of(teacher, null) + " " + loading.precision() + " " + keys.sampling() + " x"
                    + keys.answers() + " seed " + keys.seed() + elicit.decode().label();
            return prompts.write(file, new KeptSampler(writer, identity, keys.answers(), ledger), elicit.terminal());
        }
    }
}
