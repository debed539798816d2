package ai.preceptor.cli.command.evaluation;

import ai.preceptor.Preceptor;
import ai.preceptor.RewardMeasure;
import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.inference.EvalConfig;
import ai.preceptor.cli.report.Chapter;
import ai.preceptor.cli.report.ReportModel;
import ai.preceptor.cli.report.RewardChapter;
import ai.preceptor.cli.report.SampleRow;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.eval.RewardAccuracy;
import ai.preceptor.eval.RewardReport;
import ai.preceptor.lm.weights.ModelSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Compares students with a baseline, or evaluates a reward model on pairs. */
public final class EvalCommand extends Command<EvalConfig> {
    public EvalCommand() {
        super(
                "eval",
                "evaluates students (win rate, KL, reward, length) on prompts, or a reward model (accuracy) on pairs",
                EvalConfig.class);
    }

    @Override
    public void run(EvalConfig keys, Terminal terminal) {
        boolean reward = measuresRewardModel(keys);
        Path other = keys.judges().rewardModel();
        keys.judges().reading().requireSteps(reward ? keys.model() : other == null ? List.of() : List.of(other));
        Path output = keys.runDirectory();
        if (output != null && !keys.resume()) {
            StudentsEval.requireNew(output);
        }
        StageRun.open(name(), keys, keys.output(), keys.resume(), terminal).work(run -> {
            try (Preceptor preceptor = keys.device().open()) {
                if (reward) {
                    rewardModel(keys, preceptor, run, terminal);
                } else {
                    new StudentsEval(keys, run, terminal).run(preceptor);
                }
            }
        });
    }

    private static boolean measuresRewardModel(EvalConfig keys) {
        long rewards = keys.model().stream()
                .filter(model -> ModelSource.of(model).reward())
                .count();
        if (rewards > 0 && keys.model().size() > 1) {
            throw new ConfigurationException(
                    "model: expected students, or one reward model alone; found " + keys.model());
        }
        return rewards > 0;
    }

    private void rewardModel(EvalConfig keys, Preceptor preceptor, StageRun run, Terminal terminal) {
        List<Preference> pairs = run.rows(keys.data(), Datasets::preferences);
        RewardMeasure measure = new RewardMeasure(keys.judges().subsetColumn());
        measure.check(pairs);
        try (Scorer model = preceptor.scorer(
                keys.model().get(0), keys.frozen(), keys.judges().reading())) {
            RewardReport measured = measure.measure(model, pairs, agreementTeacher(keys, preceptor));
            String told = sentence(measured.accuracy());
            terminal.out().println(told);
            run.write(measured.toRow(), report(run, told, RewardChapter.of(measured), List.of()));
        }
    }

    /** Opens the teacher that a reward model is compared with; null for none. */
    static @Nullable Supplier<Scorer> agreementTeacher(EvalConfig keys, Preceptor preceptor) {
        Path teacher = keys.judges().agreementTeacher();
        return teacher == null ? null : () -> preceptor.scorer(teacher, keys.frozen());
    }

    /** A reward model's accuracy in a sentence. */
    static String sentence(RewardAccuracy accuracy) {
        return String.format(
                Locale.ROOT,
                "accuracy %.1f %% (%.1f to %.1f) on %d pairs, margin %.3f",
                100 * accuracy.accuracy().rate(),
                100 * accuracy.accuracy().interval().low(),
                100 * accuracy.accuracy().interval().high(),
                (int) accuracy.accuracy().trials(),
                accuracy.margin().mean());
    }

    static ReportModel report(StageRun run, String told, List<Chapter> chapters, List<SampleRow> samples) {
        return new ReportModel("Preceptor eval", told, chapters, samples, List.of(), run.data(), run.config());
    }
}
