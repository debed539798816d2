package ai.preceptor.cli.command.training;

import ai.preceptor.Student;
import ai.preceptor.cli.keys.training.DistillServerKeys;
import ai.preceptor.cli.keys.training.PolicyConfig;
import ai.preceptor.data.tokens.TokenScorer;
import ai.preceptor.teacher.KeyedTokenScorer;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.ledger.LedgerTotals;
import ai.preceptor.teacher.served.ServedTeacherSettings;
import ai.preceptor.teacher.served.ServedTokenScorer;
import ai.preceptor.teacher.served.client.ServedTeacher;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Served teachers of on-policy distillation and the ledger of their calls, for one run.
 *
 * @param scorer what asks them
 * @param teachers closed with this
 * @param ledger closed with this
 */
record ServedDistillation(TokenScorer scorer, List<ServedTeacher> teachers, CallLedger ledger)
        implements AutoCloseable {
    /**
     * Opens them if there are any.
     *
     * @param directory of the run, for a ledger that has no other place
     * @param registry where meters go, if nobody else's do and there is one teacher
     */
    static @Nullable ServedDistillation ifGiven(
            PolicyConfig keys, Student student, Path directory, MeterRegistry registry) {
        DistillServerKeys server = keys.distillServer();
        if (!server.isGiven()) {
            return null;
        }
        ServedTeacherSettings calls = keys.scorer().served();
        Path own = calls.teacherLedger();
        CallLedger ledger = CallLedger.open(own == null ? directory.resolve("calls.sqlite") : own);
        List<ServedTeacher> teachers = new ArrayList<>();
        try {
            List<String> models = Objects.requireNonNull(server.distillTeacherModel(), "checked");
            Map<String, TokenScorer> byKey = new LinkedHashMap<>();
            List<String> names = keys.policy().opd().distillTeacherKeys();
            for (int i = 0; i < models.size(); i++) {
                boolean alone = models.size() == 1 && !calls.isGiven();
                ServedTeacher teacher = new ServedTeacher(
                        calls.serverAt(Objects.requireNonNull(server.distillTeacherUrl()), models.get(i)),
                        ledger,
                        alone ? registry : new SimpleMeterRegistry());
                teachers.add(teacher);
                byKey.put(
                        names == null ? "" : names.get(i),
                        new ServedTokenScorer(
                                teacher,
                                student.model().config().vocabSize(),
                                id -> student.encoder().decode(new int[] {id}, false)));
            }
            TokenScorer scorer = names == null ? byKey.values().iterator().next() : new KeyedTokenScorer(byKey);
            return new ServedDistillation(scorer, teachers, ledger);
        } catch (RuntimeException e) {
            close(teachers, ledger);
            throw e;
        }
    }

    /** Totals of all calls of the ledger, for the summary. */
    Map<String, Object> row() {
        LedgerTotals totals = ledger.totals();
        return Map.of(
                "distill_teacher/calls", totals.calls(),
                "distill_teacher/prompt_tokens", totals.promptTokens(),
                "distill_teacher/cost", totals.cost());
    }

    @Override
    public void close() {
        close(teachers, ledger);
    }

    private static void close(List<ServedTeacher> teachers, CallLedger ledger) {
        try (CallLedger closedLast = ledger) {
            teachers.forEach(ServedTeacher::close);
        }
    }
}
