package ai.preceptor.cli.command.training;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.cli.command.AnsweredPrompts;
import ai.preceptor.cli.command.SamplingChoice;
import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.training.DistillConfig;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.data.source.LazyRows;
import ai.preceptor.teacher.demonstration.DemonstrationRows;
import ai.preceptor.teacher.elicit.AnswerSampler;
import ai.preceptor.teacher.elicit.RowCounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Sequence-level distillation: the teacher answers the rows' prompts, and its answers take the place of the rows'. They are
 * text, so teacher and student may have different vocabularies. They are written once, before training, and kept in the run
 * directory, where a resumed run finds them.
 */
final class TeacherAnswers {
    private static final String TRAIN = SamplingChoice.TEACHER_ANSWERS;
    private static final String TEST = "teacher-answers-heldout.jsonl";

    private final DistillConfig keys;
    private final StageRun run;
    private final Terminal terminal;
    private final SamplingChoice choice;

    TeacherAnswers(DistillConfig keys, StageRun run, SamplingChoice choice) {
        this.keys = keys;
        this.run = run;
        this.terminal = run.terminal();
        this.choice = choice;
    }

    /**
     * The rows with the teacher's answers; prompts that it answers with nothing are left out and counted.
     *
     * @throws DataException when a row has no prompt to answer, or every answer is empty
     */
    HeldOut<Demonstration> replace(HeldOut<Demonstration> rows, Preceptor preceptor) {
        Path train = run.path(TRAIN);
        Path test = run.path(TEST);
        boolean kept =
                keys.training().resume() && Files.exists(train) && (rows.test().isEmpty() || Files.exists(test));
        if (!kept) {
            rows.train().forEach(TeacherAnswers::prompt); // refused before a model loads
            rows.test().forEach(TeacherAnswers::prompt);
            try (Student teacher = choice.student(
                    Math.min(AnswerSampler.BATCH, rows.train().size()),
                    () -> preceptor.student(
                            keys.teachers().get(0), keys.student().frozen()))) {
                answer(train, rows.train(), teacher, 0);
                if (!rows.test().isEmpty()) {
                    answer(test, rows.test(), teacher, 1);
                }
            }
        }
        return new HeldOut<>(read(train), rows.test().isEmpty() ? List.of() : read(test));
    }

    private static List<Demonstration> read(Path file) {
        return Datasets.demonstrations(file, 0, OnBadRow.FAIL).rows();
    }

    private void answer(Path file, List<Demonstration> rows, Student teacher, int part) {
        List<Prompt> prompts = new LazyRows<>(rows.size(), i -> prompt(rows.get(i)));
        RowCounts written = new AnsweredPrompts(
                        prompts,
                        prompts,
                        DemonstrationRows.ALL,
                        "interrupted while the teacher answered; no answers are kept",
                        counts -> "seq_kd: the teacher's answers to all " + rows.size() + " prompts are empty")
                .write(
                        file,
                        (some, chunk) -> teacher.generate(some, 1, keys.sampling().stream(2 * chunk + part)),
                        terminal);
        if (written.leftOutCount() > 0) {
            terminal.err()
                    .println("teacher: " + written.leftOutCount() + " of " + rows.size()
                            + " prompts left out: its answer is empty");
        }
    }

    private static Prompt prompt(Demonstration row) {
        if (row.prompt().text() instanceof Text.Chat chat && chat.messages().isEmpty()) {
            throw new DataException(
                    "seq_kd: expected rows with a prompt for the teacher to answer, found bare messages");
        }
        return row.prompt();
    }
}
