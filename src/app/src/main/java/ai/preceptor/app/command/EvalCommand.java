package ai.preceptor.app.command;

import ai.preceptor.Preceptor;
import ai.preceptor.RewardModel;
import ai.preceptor.app.console.ResultTable;
import ai.preceptor.app.console.SamplePrinter;
import ai.preceptor.app.console.Terminal;
import ai.preceptor.app.keys.EvalConfig;
import ai.preceptor.app.report.Curve;
import ai.preceptor.app.report.MethodResult;
import ai.preceptor.app.report.ReportModel;
import ai.preceptor.app.report.SampleRow;
import ai.preceptor.data.Datasets;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.eval.EvalReport;
import ai.preceptor.eval.RewardAccuracy;
import ai.preceptor.lm.RewardBackbone.HeadInit;
import ai.preceptor.lm.config.DecoderConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Measures a student against what it was, or a reward model on pairs. */
final class EvalCommand implements Command<EvalConfig> {
    @Override
    public String name() {
        return "eval";
    }

    @Override
    public String summary() {
        return "measures a student (win rate, KL, reward, length) on prompts, or a reward model (accuracy) on pairs";
    }

    @Override
    public Class<EvalConfig> configuration() {
        return EvalConfig.class;
    }

    @Override
    public void run(EvalConfig keys, Terminal terminal) {
        boolean reward =
                DecoderConfig.read(keys.student().model()).architecture().reward();
        try (StageRun run = StageRun.open(name(), keys, keys.output(), true, terminal);
                Preceptor preceptor = keys.device().open()) {
            if (reward) {
                rewardModel(keys, preceptor, run, terminal);
            } else {
                student(keys, preceptor, run, terminal);
            }
        }
    }

    private void rewardModel(EvalConfig keys, Preceptor preceptor, StageRun run, Terminal terminal) {
        List<Preference> pairs = run.rows(
                keys.data().data(),
                Datasets.preferences(
                        keys.data().data(), keys.data().limit(), keys.data().onBadRow()));
        try (RewardModel model =
                preceptor.rewardModel(keys.student().model(), keys.student().frozen(), HeadInit.ZEROS, 0)) {
            RewardAccuracy accuracy = RewardAccuracy.measure(model, pairs);
            String told = String.format(
                    Locale.ROOT,
                    "accuracy %.1f %% (%.1f to %.1f) on %d pairs, margin %.3f",
                    100 * accuracy.accuracy().rate(),
                    100 * accuracy.accuracy().interval().low(),
                    100 * accuracy.accuracy().interval().high(),
                    (int) accuracy.accuracy().trials(),
                    accuracy.margin().mean());
            terminal.out().println(told);
            run.write(accuracy.toRow(), report(run, told, List.of(), List.of()));
        }
    }

    private void student(EvalConfig keys, Preceptor preceptor, StageRun run, Terminal terminal) {
        List<Prompt> prompts = run.rows(
                keys.data().data(),
                Datasets.prompts(
                        keys.data().data(), keys.data().limit(), keys.data().onBadRow()));
        StudentTrial trial = StudentTrial.of(keys, preceptor, prompts);
        List<MethodResult> results =
                trial.reports().stream().map(MethodResult::of).toList();
        new ResultTable(results).lines().forEach(terminal.out()::println);
        new SamplePrinter(terminal).print(trial.samples());
        Map<String, @Nullable Object> summary = new LinkedHashMap<>();
        summary.put("methods", trial.reports().stream().map(EvalReport::toRow).toList());
        String told = keys.student().model() + " on " + prompts.size() + " prompts";
        run.write(summary, report(run, told, results, trial.samples()));
    }

    private static ReportModel report(StageRun run, String told, List<MethodResult> results, List<SampleRow> samples) {
        Curve none = new Curve("", "", "", List.of());
        return new ReportModel(
                "Preceptor eval", told, List.of(), results, none, List.of(), samples, run.data(), run.config());
    }
}
