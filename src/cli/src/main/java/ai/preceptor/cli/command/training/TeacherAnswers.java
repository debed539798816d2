package ai.preceptor.cli.command.training;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.cli.command.AnsweredPrompts;
import ai.preceptor.cli.command.PromptDigest;
import ai.preceptor.cli.command.SamplingChoice;
import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.training.DistillConfig;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.data.source.LazyRows;
import ai.preceptor.run.ModelDigest;
import ai.preceptor.teacher.demonstration.DemonstrationRows;
import ai.preceptor.teacher.elicit.AnswerSampler;
import ai.preceptor.teacher.elicit.RowCounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sequence-level distillation: the teacher answers the rows' prompts, and its answers take the place of the rows'. They are
 * text, so teacher and student may have different vocabularies. They are written once, before training, and kept in the run
 * directory with what they were made from, where a resumed run finds them.
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
     * Rows whose prompts the teacher answers.
     *
     * @param file of its answers
     * @param stream the number among the parts, so that nothing is drawn twice
     */
    private record Part(Path file, List<Demonstration> rows, int stream) {
        List<Prompt> prompts() {
            return new LazyRows<>(rows.size(), i -> prompt(rows.get(i)));
        }
    }

    /**
     * The rows with the teacher's answers; prompts that it answers with nothing are left out and counted.
     *
     * @throws DataException when a row has no prompt to answer, or every answer is empty
     * @throws ConfigurationException when answers that are there were made from something else
     */
    HeldOut<Demonstration> replace(HeldOut<Demonstration> rows, Preceptor preceptor) {
        Part train = new Part(run.path(TRAIN), rows.train(), 0);
        Part test = new Part(run.path(TEST), rows.test(), 1);
        List<Part> parts = rows.test().isEmpty() ? List.of(train) : List.of(train, test);
        parts.forEach(part -> part.rows().forEach(TeacherAnswers::prompt)); // refused before a model loads
        String teacher = ModelDigest.of(keys.teachers().get(0), null);
        List<Part> missing =
                parts.stream().filter(part -> !isKept(part, teacher)).toList();
        if (!missing.isEmpty()) {
            try (Student answering = choice.student(
                    Math.min(AnswerSampler.BATCH, rows.train().size()),
                    () -> preceptor.student(
                            keys.teachers().get(0), keys.student().teacher()))) {
                missing.forEach(part -> answer(part, answering, teacher));
            }
        }
        return new HeldOut<>(read(train.file()), rows.test().isEmpty() ? List.of() : read(test.file()));
    }

    /**
     * Whether an earlier process has the answers. Those of versions that did not note their origin count if there is a checkpoint, which
     * was made with the same keys.
     */
    private boolean isKept(Part part, String teacher) {
        if (!keys.training().resume() || !Files.exists(part.file())) {
            return false;
        }
        AnswersOrigin noted = AnswersOrigin.of(part.file());
        if (noted.isThere() || run.checkpoint().isEmpty()) {
            noted.require(origin(part, teacher));
        }
        return true;
    }

    /** All that the answers depend on. */
    private Map<String, String> origin(Part part, String teacher) {
        Map<String, String> origin = new TreeMap<>();
        origin.put("files of the teacher", teacher);
        origin.put("dtype", KeyName.of(keys.student().dtype()));
        origin.put("rollout_dtype", keys.decode().value());
        origin.put(
                "sampling",
                keys.sampling().settings() + " seed " + keys.sampling().seed());
        origin.put("prompts", PromptDigest.of(part.prompts()));
        return origin;
    }

    private static List<Demonstration> read(Path file) {
        return Datasets.demonstrations(file, 0, OnBadRow.FAIL).rows();
    }

    /** The origin is written last: if it stood beside the answers of an earlier process, they would be taken for these. */
    private void answer(Part part, Student answering, String teacher) {
        AnswersOrigin origin = AnswersOrigin.of(part.file());
        origin.remove();
        List<Prompt> prompts = part.prompts();
        RowCounts written = new AnsweredPrompts(
                        prompts,
                        prompts,
                        DemonstrationRows.ALL,
                        "interrupted while the teacher answered; no answers are kept",
                        counts -> "seq_kd: the teacher's answers to all " + prompts.size() + " prompts are empty")
                .write(
                        part.file(),
                        (some, chunk) -> answering.generate(some, 1, keys.sampling().stream(2 * chunk + part.stream())),
                        terminal);
        origin.write(origin(part, teacher));
        if (written.leftOutCount() > 0) {
            terminal.err()
                    .println("teacher: " + written.leftOutCount() + " of " + prompts.size()
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
