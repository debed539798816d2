package ai.preceptor.cli.command;

import ai.preceptor.Preceptor;
import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.OrderBalancedJudge;
import ai.preceptor.teacher.ScorerJudge;
import ai.preceptor.teacher.TournamentScorer;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.chat.ChatSampling;
import ai.preceptor.teacher.elicit.AnswerSampler;
import ai.preceptor.teacher.elicit.ChatSampler;
import ai.preceptor.teacher.judge.ChatJudge;
import ai.preceptor.teacher.judge.ChatScorer;
import ai.preceptor.teacher.judge.JudgeSettings;
import ai.preceptor.teacher.judge.TeacherMode;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.ledger.LedgerTotals;
import ai.preceptor.teacher.served.ServedTeacherSettings;
import ai.preceptor.teacher.served.client.ServedTeacher;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A teacher that is asked in words, local or served, and the ledger of its answers, for one run.
 *
 * @param settings how it judges
 * @param ledger of its answers; closed with this
 * @param chat who is asked; closed with this
 * @param served the same, if it is a served one; else null
 * @param comparing asks it which of two answers is better, in both orders, and counts what the order did
 */
public record TeacherRun(
        JudgeSettings settings,
        CallLedger ledger,
        ChatModel chat,
        @Nullable ServedTeacher served,
        OrderBalancedJudge comparing)
        implements Scorer {
    /** Its ledger in a run directory. */
    public static final String LEDGER = "calls.sqlite";

    /**
     * Opens a served teacher.
     *
     * @param directory of the run, for a ledger that has no other place
     * @param registry where meters go
     */
    public static TeacherRun of(
            ServedTeacherSettings server, JudgeSettings settings, Path directory, MeterRegistry registry) {
        return open(server, settings, directory, ledger -> new ServedTeacher(server.server(), ledger, registry));
    }

    /**
     * Opens a local one.
     *
     * @param model a language model
     * @param server where its ledger lies, if elsewhere than in the run's directory
     * @param frozen how it is loaded
     */
    public static TeacherRun of(
            Path model,
            ServedTeacherSettings server,
            JudgeSettings settings,
            Path directory,
            Preceptor preceptor,
            LoadOptions frozen) {
        return open(server, settings, directory, ledger -> preceptor.chatModel(model, frozen, ledger));
    }

    /** Opens a chat model whose answers are kept in a ledger. */
    private interface Opening {
        ChatModel with(CallLedger ledger);
    }

    private static TeacherRun open(
            ServedTeacherSettings server, JudgeSettings settings, Path directory, Opening opening) {
        Path own = server.teacherLedger();
        CallLedger ledger = CallLedger.open(own == null ? directory.resolve(LEDGER) : own);
        try {
            ChatModel chat = opening.with(ledger);
            Judge asked = new ChatJudge(chat, settings.template(), settings.teacherMaxTokens());
            return new TeacherRun(
                    settings,
                    ledger,
                    chat,
                    chat instanceof ServedTeacher teacher ? teacher : null,
                    new OrderBalancedJudge(asked));
        } catch (RuntimeException e) {
            ledger.close();
            throw e;
        }
    }

    /**
     * Opens one if a teacher is to be asked in words: a served one, or a local one with a {@code teacher_mode}.
     *
     * @param teacher a local one; may be null
     * @param preceptor opened for a local one only
     */
    public static @Nullable TeacherRun ifAsked(
            @Nullable Path teacher,
            ServedTeacherSettings server,
            JudgeSettings settings,
            Path directory,
            MeterRegistry registry,
            Preceptor preceptor,
            LoadOptions frozen) {
        if (server.isGiven()) {
            return of(server, settings, directory, registry);
        }
        return teacher == null || settings.teacherMode() == null
                ? null
                : of(teacher, server, settings, directory, preceptor, frozen);
    }

    private Scorer scoring() {
        return settings.mode() == TeacherMode.SCORE
                ? new ChatScorer(chat, settings.template(), settings.teacherMaxTokens())
                : new TournamentScorer(comparing);
    }

    /** Who compares two answers; closing it closes nothing. */
    public Judge judge() {
        return settings.mode() == TeacherMode.SCORE ? new ScorerJudge(scoring()) : comparing;
    }

    /**
     * Its own answers.
     *
     * @param answers to each prompt
     */
    public AnswerSampler answering(SamplingSettings sampling, int answers, long seed) {
        return new ChatSampler(chat, new ChatSampling(sampling.temperature(), sampling.maxNewTokens(), seed), answers);
    }

    @Override
    public String name() {
        return chat.name();
    }

    @Override
    public List<Score> score(List<Answer> answers) {
        return scoring().score(answers);
    }

    /** Why this run's questions to a server were not answered, in words; empty if all were. */
    public String missing() {
        return served == null
                ? ""
                : served.unanswered().entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", "));
    }

    /** Totals of all calls of the ledger, and this run's unanswered questions; for the summary. */
    public Map<String, Object> row() {
        LedgerTotals totals = ledger.totals();
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
        if (served != null) {
            served.unanswered().forEach((kind, count) -> row.put("teacher/questions/" + kind, count));
        }
        return row;
    }

    @Override
    public void close() {
        try (CallLedger closedLast = ledger) {
            chat.close();
        }
    }
}
