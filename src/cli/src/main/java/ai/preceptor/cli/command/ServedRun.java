package ai.preceptor.cli.command;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.OrderBalancedJudge;
import ai.preceptor.teacher.ScorerJudge;
import ai.preceptor.teacher.TournamentScorer;
import ai.preceptor.teacher.elicit.AnswerSampler;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.ledger.LedgerTotals;
import ai.preceptor.teacher.served.ServedJudge;
import ai.preceptor.teacher.served.ServedSampler;
import ai.preceptor.teacher.served.ServedScorer;
import ai.preceptor.teacher.served.ServedTeacherSettings;
import ai.preceptor.teacher.served.TeacherMode;
import ai.preceptor.teacher.served.client.ChatSampling;
import ai.preceptor.teacher.served.client.ServedTeacher;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A served teacher and its ledger, for one run.
 *
 * @param settings what was configured
 * @param ledger of its calls
 * @param teacher who is asked
 * @param comparing asks it which of two answers is better, in both orders, and counts what the order did
 */
public record ServedRun(
        ServedTeacherSettings settings, CallLedger ledger, ServedTeacher teacher, OrderBalancedJudge comparing)
        implements Scorer {

    /**
     * Opens it.
     *
     * @param directory of the run, for a ledger that has no other place
     * @param registry where meters go
     */
    public static ServedRun open(ServedTeacherSettings settings, Path directory, MeterRegistry registry) {
        Path own = settings.teacherLedger();
        CallLedger ledger = CallLedger.open(own == null ? directory.resolve("calls.sqlite") : own);
        try {
            ServedTeacher teacher = new ServedTeacher(settings.server(), ledger, registry);
            Judge asked = new ServedJudge(teacher, settings.template(), settings.teacherMaxTokens());
            return new ServedRun(settings, ledger, teacher, new OrderBalancedJudge(asked));
        } catch (RuntimeException e) {
            ledger.close();
            throw e;
        }
    }

    /** Opens it if there is one. */
    public static @Nullable ServedRun ifGiven(ServedTeacherSettings settings, Path directory, MeterRegistry registry) {
        return settings.isGiven() ? open(settings, directory, registry) : null;
    }

    private Scorer scoring() {
        return settings.teacherMode() == TeacherMode.SCORE
                ? new ServedScorer(teacher, settings.template(), settings.teacherMaxTokens())
                : new TournamentScorer(comparing);
    }

    /** Who compares two answers; closing it closes nothing. */
    public Judge judge() {
        return settings.teacherMode() == TeacherMode.SCORE ? new ScorerJudge(scoring()) : comparing;
    }

    /**
     * Its own answers.
     *
     * @param answers to each prompt
     */
    public AnswerSampler answering(SamplingSettings sampling, int answers, long seed) {
        return new ServedSampler(
                teacher, new ChatSampling(sampling.temperature(), sampling.maxNewTokens(), seed), answers);
    }

    @Override
    public String name() {
        return teacher.name();
    }

    @Override
    public List<Score> score(List<Answer> answers) {
        return scoring().score(answers);
    }

    /** Why this run's questions were not answered, in words; empty if all were. */
    public String missing() {
        return teacher.unanswered().entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    /** Totals of all calls of the ledger, and this run's unanswered questions; for the summary. */
    public Map<String, Object> row() {
        LedgerTotals totals = teacher.totals();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("teacher/calls", totals.calls());
        row.put("teacher/prompt_tokens", totals.promptTokens());
        row.put("teacher/completion_tokens", totals.completionTokens());
        row.put("teacher/cost", totals.cost());
        row.putAll(comparing.stats().toRow());
        row.put("teacher/calls_malformed", totals.malformed());
        row.put("teacher/calls_unanswered", totals.unanswered());
        row.put("teacher/calls_open", totals.open());
        row.put("teacher/cost_open", totals.openCost());
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
