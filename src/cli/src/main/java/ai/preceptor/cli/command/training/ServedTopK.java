package ai.preceptor.cli.command.training;

import ai.preceptor.DistillOptions;
import ai.preceptor.Student;
import ai.preceptor.cli.keys.training.DistillConfig;
import ai.preceptor.distill.TopTokenTeacher;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.served.ServedTeacherSettings;
import ai.preceptor.teacher.served.ServedTopTokens;
import ai.preceptor.teacher.served.client.ServedTeacher;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A served teacher of {@code distill} and the ledger of its calls, for one run.
 *
 * @param distributions what asks it
 * @param teacher closed with this
 * @param ledger closed with this
 */
record ServedTopK(TopTokenTeacher distributions, ServedTeacher teacher, CallLedger ledger) implements AutoCloseable {
    /**
     * Opens it if there is one.
     *
     * @param directory of the run, for a ledger that has no other place
     * @param registry where meters go
     */
    static @Nullable ServedTopK ifGiven(DistillConfig keys, Student student, Path directory, MeterRegistry registry) {
        ServedTeacherSettings settings = keys.served();
        if (!settings.isGiven()) {
            return null;
        }
        Path own = settings.teacherLedger();
        CallLedger ledger = CallLedger.open(own == null ? directory.resolve("calls.sqlite") : own);
        try {
            ServedTeacher teacher = new ServedTeacher(settings.server(), ledger, registry);
            ServedTopTokens asked = new ServedTopTokens(
                    teacher,
                    student.model().config().vocabSize(),
                    id -> student.encoder().decode(new int[] {id}, false));
            return new ServedTopK(DistillOptions.served(asked, settings.label()), teacher, ledger);
        } catch (RuntimeException e) {
            ledger.close();
            throw e;
        }
    }

    /** Totals of all calls of the ledger, and this run's unanswered questions; for the summary. */
    Map<String, Object> row() {
        Map<String, Object> row = ledger.totals().toRow();
        teacher.unanswered().forEach((kind, count) -> row.put("teacher/questions/" + kind, count));
        return row;
    }

    @Override
    public void close() {
        try (CallLedger closedLast = ledger) {
            teacher.close();
        }
    }
}
