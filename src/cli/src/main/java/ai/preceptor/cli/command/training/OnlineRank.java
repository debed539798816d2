package ai.preceptor.cli.command.training;

import ai.preceptor.PolicyContext;
import ai.preceptor.Preceptor;
import ai.preceptor.RankOptions;
import ai.preceptor.RecordedRollouts;
import ai.preceptor.Student;
import ai.preceptor.cli.command.SamplingChoice;
import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.command.TeacherRun;
import ai.preceptor.cli.console.Watched;
import ai.preceptor.cli.keys.cluster.ClusterKeys;
import ai.preceptor.cli.keys.training.OnlineKeys;
import ai.preceptor.cli.keys.training.RankConfig;
import ai.preceptor.cli.keys.training.ScorerKeys;
import ai.preceptor.cli.report.ActorsChapter;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.RecordedLimits;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.online.OnlineOptions;
import ai.preceptor.online.OnlineSummary;
import ai.preceptor.policy.evaluation.HeldOutPrompts;
import ai.preceptor.ranking.RankMethod;
import ai.preceptor.ranking.online.OnlineMethod;
import ai.preceptor.ranking.online.OnlineSettings;
import ai.preceptor.run.PromptRoom;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code rank online=true}.
 *
 * @param keys of the run
 * @param method what learns
 * @param run where results go
 */
record OnlineRank(RankConfig keys, RankMethod method, StageRun run) {
    private static final String MAX_NEW_TOKENS = "max_new_tokens";
    private static final Watched WATCHED = new Watched(
            List.of("objective/scores", "objective/kl"),
            List.of("objective/scores_margin", "rewards/margins", "frac_groups_tied"));

    void train() {
        OnlineMethod<?> learnt =
                OnlineMethod.of(method, settings().select(), keys.training().maxLength());
        checkFit(settings());
        online().scorer().requireReading();
        Path file = keys.data().rollouts();
        RecordedRollouts recorded = file == null ? null : recorded(file);
        List<Prompt> prompts =
                file == null ? run.rows(keys.data().rows(), files().measured(Datasets::prompts)) : List.of();
        Precision forward =
                RankOptions.forward(learnt.objective(), keys.student().dtype());
        ScorerKeys scoring = online().scorer();
        HeldOutPrompts evaluation = HeldOut.prompts(
                keys.heldOut().evalData(),
                online().evaluation(),
                files().measured(Datasets::prompts),
                keys.data().onBadRow(),
                run);
        SamplingChoice choice = SamplingChoice.of(
                online().decode(),
                run,
                keys.training().resume(),
                List.of(keys.student().model()));
        try (Preceptor preceptor = run.open(keys.device(), keys.student());
                TeacherRun asked = TeacherRun.ifAsked(
                        PolicyScorer.asking(scoring, keys.training().seed()),
                        run.path("."),
                        run.meters(),
                        preceptor,
                        keys.student().teacher());
                Scorer scorer = scoring.isGiven()
                        ? PolicyScorer.of(scoring, keys.student().teacher(), preceptor, asked)
                        : null;
                Student student = choice.student(
                        answersTogether(),
                        () -> preceptor.student(
                                keys.student().model(),
                                keys.lora()
                                        .trained(keys.student(), keys.training().seed(), forward),
                                keys.text().promptBoundary()))) {
            PolicyContext context = context(choice, evaluation);
            OnlineOptions options = keys.onlineOptions();
            OnlineSummary summary = recorded == null && scorer != null
                    ? student.rankOnline(prompts, scorer, method, options, keys.training(), context)
                    : student.rankOnline(scored(recorded, scorer), method, options, keys.training(), context);
            Map<String, Object> row = new LinkedHashMap<>(summary.row());
            row.putAll(choice.row());
            if (asked != null) {
                row.putAll(asked.row());
            }
            run.finish(summary.training(), row, List.of(ActorsChapter.of(summary.actors())));
        }
    }

    private PolicyContext context(SamplingChoice choice, @Nullable HeldOutPrompts evaluation) {
        ClusterKeys cluster = online().learner().cluster();
        return new PolicyContext(
                run.setting(WATCHED),
                run::sample,
                run.meters(),
                run.path("dead-letters.jsonl"),
                cluster == null ? null : WorkerJob.offer(keys, choice.settings(), cluster),
                evaluation,
                online().servers());
    }

    /** Answers that are sampled together in one process. */
    private long answersTogether() {
        Integer answers = settings().numGenerations(); // null where recorded answers say how many
        long rows = (long) keys.training().batchSize() * keys.training().gradientAccumulationSteps();
        long all = rows / OnlineMethod.rowsPerPrompt(method) * (answers == null ? 2 : answers);
        return all / Math.max(1, online().rollouts().generators());
    }

    private OnlineKeys online() {
        return keys.sampling();
    }

    private OnlineSettings settings() {
        return online().settings();
    }

    /** What could not be checked before the loss, or the number of recorded answers, was known. */
    private void checkFit(OnlineSettings settings) {
        Refusals refusals = Refusals.none();
        settings.check(keys.training(), method, refusals);
        refusals.throwIfAny();
    }

    private PromptFiles files() {
        int answer = settings().sampling().maxNewTokens();
        PromptFiles files = PromptFiles.of(keys.student(), keys.training(), answer, MAX_NEW_TOKENS, online().scorer());
        PromptRoom.beside(keys.training().maxLength(), files.config().maxPositionEmbeddings(), answer, MAX_NEW_TOKENS);
        return files;
    }

    private RecordedRollouts recorded(Path file) {
        PromptFiles files = files();
        int vocabulary = files.config().vocabSize();
        int longest = settings().sampling().maxNewTokens();
        Integer answers = settings().numGenerations();
        RecordedLimits limits = new RecordedLimits(vocabulary, longest, answers == null ? 0 : answers, MAX_NEW_TOKENS);
        RecordedRollouts rollouts = new RecordedData(files, limits)
                .read(file, keys.data().limit(), keys.data().onBadRow(), run);
        OnlineSettings resolved = rollouts.resolve(settings());
        checkFit(resolved);
        if (!online().scorer().isGiven()) {
            rollouts.check(new RecordedLimits(vocabulary, longest, resolved.generations(), MAX_NEW_TOKENS));
        }
        return rollouts;
    }

    private static RecordedRollouts scored(@Nullable RecordedRollouts recorded, @Nullable Scorer scorer) {
        if (recorded == null) {
            throw new IllegalStateException("neither recorded answers nor a scorer, which was checked");
        }
        return scorer == null ? recorded : recorded.scoredBy(scorer);
    }
}
