package ai.preceptor.cli.command;

import ai.preceptor.Preceptor;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.data.Answer;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.closing.Closing;
import ai.preceptor.hub.ModelName;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.JudgeStats;
import ai.preceptor.teacher.MixedScorer;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.chat.ChatSampling;
import ai.preceptor.teacher.elicit.AnswerSampler;
import ai.preceptor.teacher.elicit.ChatSampler;
import ai.preceptor.teacher.judge.JudgeSettings;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.served.ServedTeacherSettings;
import ai.preceptor.teacher.served.client.ServedTeacher;
import ai.preceptor.train.Interrupt;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A teacher that is asked in words, local or served, and the ledger of its answers, for one run. Several models are a panel:
 * they judge together, and their scores and preferences are averaged.
 *
 * @param settings how it judges
 * @param seed for what judging draws
 * @param ledger of its answers; closed with this
 * @param models who is asked, at least one; closed with this
 * @param scorer how it scores answers
 * @param judge how it compares two
 */
public record TeacherRun(
        JudgeSettings settings, long seed, CallLedger ledger, List<ChatModel> models, Scorer scorer, Judge judge)
        implements Scorer {
    /** Its ledger in a run directory. */
    public static final String LEDGER = "calls.sqlite";

    /**
     * Who is asked, and how.
     *
     * @param local directories of language models on this machine; may be empty
     * @param server served ones, and where the ledger lies if elsewhere than in the run's directory
     * @param judging how they judge
     * @param seed for what judging draws
     */
    public record Asking(List<Path> local, ServedTeacherSettings server, JudgeSettings judging, long seed) {
        /** The keys of a command: local models are asked only with a {@code teacher_mode}. */
        public static Asking of(
                @Nullable List<Path> teacher, ServedTeacherSettings server, JudgeSettings judging, long seed) {
            List<Path> local = teacher == null || judging.teacherMode() == null ? List.of() : teacher;
            return new Asking(local, server, judging, seed);
        }

        /** Without local models. */
        public Asking servedOnly() {
            return new Asking(List.of(), server, judging, seed);
        }

        /** What its models are called, all different: of a panel the columns of their scores. */
        public List<String> names() {
            Stream<String> served =
                    server.models().stream().map(model -> server.server(model).label());
            return MixedScorer.distinct(
                    Stream.concat(served, local.stream().map(ModelName::of)).toList());
        }

        boolean isEmpty() {
            return local.isEmpty() && !server.isGiven();
        }

        /** Refuses models that have no words, by their configurations alone. */
        public void requireWords() {
            for (Path model : local) {
                if (ModelSource.of(model).reward()) {
                    throw new ConfigurationException((judging.teacherMode() == null ? "teacher" : "teacher_mode")
                            + ": expected a language model as teacher, which can be asked in words, found a reward model in "
                            + model + (judging.teacherMode() == null ? "" : ", which scores without teacher_mode"));
                }
            }
        }
    }

    /**
     * Opens a teacher if one is to be asked in words.
     *
     * @param directory of the run, for a ledger that has no other place
     * @param registry where meters go
     * @param preceptor loads local models
     * @param frozen how they are loaded
     * @throws ConfigurationException if one is a reward model; before any is loaded
     */
    public static @Nullable TeacherRun ifAsked(
            Asking asking, Path directory, MeterRegistry registry, Preceptor preceptor, LoadOptions frozen) {
        if (asking.isEmpty()) {
            return null;
        }
        asking.requireWords();
        Path shared = asking.server().teacherLedger();
        CallLedger ledger = CallLedger.open(shared == null ? directory.resolve(LEDGER) : shared);
        List<ChatModel> models = new ArrayList<>();
        try {
            for (String model : asking.server().models()) {
                // gauges are those of one server; of a panel the first
                MeterRegistry own = models.isEmpty() ? registry : new SimpleMeterRegistry();
                models.add(new ServedTeacher(asking.server().server(model), ledger, own));
            }
            for (Path model : asking.local()) {
                models.add(preceptor.chatModel(model, frozen, ledger));
            }
            JudgeSettings judging = asking.judging();
            return new TeacherRun(
                    judging,
                    asking.seed(),
                    ledger,
                    models,
                    judging.scorer(models, asking.seed()),
                    judging.judge(models, asking.seed()));
        } catch (RuntimeException e) {
            try {
                close(ledger, models);
            } catch (RuntimeException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    /** Copies the list. */
    public TeacherRun {
        models = List.copyOf(models);
    }

    /** The model that writes; of several the first. */
    public ChatModel chat() {
        return models.get(0);
    }

    /** Another judge like this one's, whose questions are not among the figures of {@link #row}. */
    public Judge uncounted() {
        return settings.judge(models, seed);
    }

    /**
     * Its own answers.
     *
     * @param answers to each prompt
     */
    public AnswerSampler answering(SamplingSettings sampling, int answers, long seed) {
        return new ChatSampler(
                chat(), new ChatSampling(sampling.temperature(), sampling.maxNewTokens(), seed), answers);
    }

    @Override
    public String name() {
        return scorer.name();
    }

    @Override
    public List<Score> score(List<Answer> answers) {
        return scorer.score(answers);
    }

    @Override
    public Map<String, Number> metrics() {
        return scorer.metrics();
    }

    @Override
    public boolean isRelative() {
        return scorer.isRelative();
    }

    /**
     * Does work that asks a teacher, in which a request to stop ends the calls of servers: those in flight end, and no other
     * begins.
     *
     * @param asked the teacher; null where none is asked in words
     * @throws ai.preceptor.data.InterruptedRunException if a call was left out for that
     */
    public static <T> T stoppable(@Nullable TeacherRun asked, Terminal terminal, Supplier<T> work) {
        if (asked == null || asked.served().isEmpty()) {
            return work.get();
        }
        Interrupt interrupt = terminal.interrupt();
        interrupt.onRequest(() -> asked.served().forEach(ServedTeacher::stop));
        try {
            return work.get();
        } finally {
            interrupt.onRequest(() -> {});
        }
    }

    private List<ServedTeacher> served() {
        return models.stream()
                .filter(ServedTeacher.class::isInstance)
                .map(ServedTeacher.class::cast)
                .toList();
    }

    private Map<String, Long> unanswered() {
        Map<String, Long> all = new LinkedHashMap<>();
        served().forEach(one -> one.unanswered().forEach((kind, count) -> all.merge(kind, count, Long::sum)));
        return all;
    }

    /** Why this run's questions to a server were not answered, in words; empty if all were. */
    public String missing() {
        return unanswered().entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    /** Totals of all calls of the ledger, this run's unanswered questions, and how judging went; for the summary. */
    public Map<String, Object> row() {
        Map<String, Object> row = ledger.totals().toRow();
        JudgeStats stats = judge.stats();
        row.putAll((scorer instanceof JudgeStats.Source source ? stats.plus(source.stats()) : stats).toRow());
        unanswered().forEach((kind, count) -> row.put("teacher/questions/" + kind, count));
        return row;
    }

    @Override
    public void close() {
        close(ledger, models);
    }

    private static void close(CallLedger ledger, List<ChatModel> models) {
        try (CallLedger closedLast = ledger) {
            Closing.all(models, ChatModel::close);
        }
    }
}
