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
import ai.preceptor.data.source.LazyRows;
import ai.preceptor.teacher.chat.ChatSampling;
import ai.preceptor.teacher.chat.LocalChatModel;
import ai.preceptor.teacher.correction.Corrector;
import ai.preceptor.teacher.elicit.Elicited;
import ai.preceptor.teacher.elicit.RowCounts;
import ai.preceptor.teacher.elicit.ScoredAnswer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

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
        this.own = students ? List.of() : own(rows.answered());
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
        List<RowCounts> corrected = new ArrayList<>();
        Path file = elicit.path(ElicitCommand.PREFERENCES);
        RowFormat.PREFERENCES.writeEach(file, out -> corrected.add(correct(elicit, corrector, answers, out)));
        RowCounts pairs = corrected.get(0);
        elicit.terminal().out().println(pairs.summary());
        elicit.terminal().out().println("pairs   " + file);
        return new Outcome(pairs.summary(), pairs.toRow());
    }

    /** @throws DataException if there is no pair */
    private static RowCounts correct(
            ElicitRun elicit, Corrector corrector, List<Elicited> answers, Consumer<Preference> out) {
        RowCounts pairs;
        try (PromptsShown progress = new PromptsShown(
                elicit.terminal(),
                "teacher",
                "prompts corrected",
                done ->
                        "interrupted while the teacher corrected; what it wrote is in the ledger of calls, continue with"
                                + " resume=true")) {
            pairs = corrector.correct(answers, out, progress);
        }
        if (pairs.rows() == 0) {
            throw new DataException("elicit: nothing to learn from: " + pairs.summary());
        }
        return pairs;
    }

    /** Of the students if there are some, else of the rows. */
    private List<Elicited> answers(ElicitRun elicit) {
        return elicit.keys().student().model() == null
                ? own
                : new StudentAnswers(elicit).collect(prompts, null).rows();
    }

    private static List<Elicited> own(List<Demonstration> rows) {
        return new LazyRows<>(rows.size(), i -> own(rows.get(i)));
    }

    private static Elicited own(Demonstration row) {
        ScoredAnswer answer = new ScoredAnswer(row.completion().asString(), true, Score.unscored("the row's own"));
        return new Elicited(row.prompt(), List.of(answer));
    }
}
