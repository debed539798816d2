package ai.preceptor.cli.command.elicit;

import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.console.PromptsShown;
import ai.preceptor.cli.keys.inference.ElicitConfig;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.teacher.chat.ChatSampling;
import ai.preceptor.teacher.chat.LocalChatModel;
import ai.preceptor.teacher.correction.Corrector;
import ai.preceptor.teacher.elicit.Elicited;
import ai.preceptor.teacher.elicit.ScoredAnswer;
import ai.preceptor.teacher.elicit.WrittenRows;
import java.nio.file.Path;
import java.util.List;

/** {@code kind=corrections}: the teacher criticizes and revises answers, of students or of the rows. */
final class CorrectionsJob implements ElicitJob {
    /** Whose answers students give; empty if there are no students. */
    private final List<Prompt> prompts;

    /** Answers of the rows themselves; empty if there are students. */
    private final List<Elicited> own;

    CorrectionsJob(ElicitConfig keys, StageRun run) {
        ElicitRows rows = new ElicitRows(keys, run);
        boolean students = keys.student().model() != null;
        this.prompts = students ? rows.prompts() : List.of();
        this.own = students
                ? List.of()
                : rows.answered().stream().map(CorrectionsJob::own).toList();
    }

    @Override
    public int together() {
        return own.isEmpty()
                ? Math.min(StudentAnswers.BATCH, prompts.size())
                : Math.min(LocalChatModel.TOGETHER, own.size());
    }

    @Override
    public Outcome run(ElicitRun elicit) {
        ElicitConfig keys = elicit.keys();
        List<Elicited> answers = answers(elicit);
        Corrector corrector = new Corrector(
                elicit.requireAsked().chat(),
                keys.corrections().templates(),
                keys.corrections().readPrinciples(),
                new ChatSampling(
                        keys.sampling().temperature(), keys.teacher().judging().teacherMaxTokens(), keys.seed()),
                keys.corrections().revisions());
        WrittenRows<Preference> pairs;
        try (PromptsShown progress = new PromptsShown(
                elicit.terminal(),
                "teacher",
                "prompts corrected",
                done ->
                        "interrupted while the teacher corrected; what it wrote is in the ledger of calls, continue with"
                                + " resume=true")) {
            pairs = corrector.correct(answers, progress);
        }
        if (pairs.rows().isEmpty()) {
            throw new DataException("elicit: nothing to learn from: " + pairs.summary());
        }
        Path file = elicit.path(ElicitCommand.PREFERENCES);
        RowFormat.PREFERENCES.write(file, pairs.rows());
        elicit.terminal().out().println(pairs.summary());
        elicit.terminal().out().println("pairs   " + file);
        return new Outcome(pairs.summary(), pairs.toRow());
    }

    /** Of the students if there are some, else of the rows. */
    private List<Elicited> answers(ElicitRun elicit) {
        return elicit.keys().student().model() == null
                ? own
                : new StudentAnswers(elicit).collect(prompts, null).rows();
    }

    private static Elicited own(Demonstration row) {
        ScoredAnswer answer = new ScoredAnswer(row.completion().asString(), true, Score.unscored("the row's own"));
        return new Elicited(row.prompt(), List.of(answer));
    }
}
