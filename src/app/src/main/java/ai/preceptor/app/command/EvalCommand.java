package ai.preceptor.app.command;

import ai.preceptor.Preceptor;
import ai.preceptor.app.command.MeasuredMethods.Measured;
import ai.preceptor.app.config.Resolved;
import ai.preceptor.app.console.ResultTable;
import ai.preceptor.app.console.SamplePrinter;
import ai.preceptor.app.console.Terminal;
import ai.preceptor.app.keys.DataKeys;
import ai.preceptor.app.keys.EvalConfig;
import ai.preceptor.app.keys.RunIdentity;
import ai.preceptor.app.report.Curve;
import ai.preceptor.app.report.MethodResult;
import ai.preceptor.app.report.ReportModel;
import ai.preceptor.app.report.SampleRow;
import ai.preceptor.app.report.SampleRow.MethodAnswer;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Datasets;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.eval.RewardAccuracy;
import ai.preceptor.lm.config.DecoderConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Measures students against what they were, or a reward model on pairs. */
final class EvalCommand implements Command<EvalConfig> {
    @Override
    public String name() {
        return "eval";
    }

    @Override
    public String summary() {
        return "measures students (win rate, KL, reward, length) on prompts, or a reward model (accuracy) on pairs";
    }

    @Override
    public Class<EvalConfig> configuration() {
        return EvalConfig.class;
    }

    @Override
    public void run(EvalConfig keys, Terminal terminal) {
        boolean reward = measuresRewardModel(keys);
        try (StageRun run = StageRun.open(name(), keys, keys.output(), true, terminal);
                Preceptor preceptor = keys.device().open()) {
            if (reward) {
                rewardModel(keys, preceptor, run, terminal);
            } else {
                students(keys, preceptor, run, terminal);
            }
        }
    }

    private static boolean measuresRewardModel(EvalConfig keys) {
        long rewards = keys.model().stream()
                .filter(model -> DecoderConfig.read(model).architecture().reward())
                .count();
        if (rewards > 0 && keys.model().size() > 1) {
            throw new ConfigurationException(
                    "model: expected students, or one reward model alone; found " + keys.model());
        }
        return rewards > 0;
    }

    private void rewardModel(EvalConfig keys, Preceptor preceptor, StageRun run, Terminal terminal) {
        DataKeys data = keys.data();
        List<Preference> pairs =
                run.rows(data.data(), Datasets.preferences(data.data(), data.limit(), data.onBadRow()));
        try (Scorer model = preceptor.scorer(keys.model().get(0), keys.frozen())) {
            RewardAccuracy accuracy = RewardAccuracy.measure(model, pairs);
            String told = sentence(accuracy);
            terminal.out().println(told);
            run.write(accuracy.toRow(), report(run, told, List.of(), List.of()));
        }
    }

    private void students(EvalConfig keys, Preceptor preceptor, StageRun run, Terminal terminal) {
        DataKeys data = keys.data();
        List<Prompt> prompts = run.rows(data.data(), Datasets.prompts(data.data(), data.limit(), data.onBadRow()));
        List<Preference> pairs = pairs(keys, run);
        Map<String, @Nullable Object> summary = new LinkedHashMap<>();
        List<String> told = new ArrayList<>(List.of(prompts.size() + " prompts"));
        if (keys.judges().baseline() != null && !keys.sampling().isUnfiltered()) {
            terminal.err().println("eval: KL is left out; it needs temperature=1, top_p=1, top_k=0 and min_p=0");
        }
        List<Measured> measured;
        try (Judges judges = Judges.open(keys, preceptor);
                MeasuredMethods done =
                        MeasuredMethods.open(run.path("measured.jsonl"), dependencies(keys), keys.resume())) {
            Answering answering = new Answering(keys, prompts, terminal);
            measured = new Trial(keys, preceptor, judges, answering, done).run();
            if (!pairs.isEmpty() && judges.reward() != null) {
                RewardAccuracy accuracy = RewardAccuracy.measure(judges.reward(), pairs);
                summary.putAll(accuracy.toRow());
                told.add("reward model: " + sentence(accuracy));
            }
        }
        if (keys.model().size() == 1) {
            measured.get(measured.size() - 1)
                    .row()
                    .properties()
                    .forEach(entry -> summary.put(entry.getKey(), entry.getValue()));
        }
        summary.put("methods", measured.stream().map(Measured::row).toList());
        List<MethodResult> results =
                measured.stream().map(Measured::row).map(MethodResult::ofRow).toList();
        List<SampleRow> samples = samples(prompts, measured);
        samples.forEach(run::sample);
        new ResultTable(results).lines().forEach(terminal.out()::println);
        told.forEach(terminal.out()::println);
        new SamplePrinter(terminal).print(samples);
        run.write(summary, report(run, String.join("; ", told), results, samples));
    }

    private static List<Preference> pairs(EvalConfig keys, StageRun run) {
        Path file = keys.judges().pairs();
        return file == null
                ? List.of()
                : run.rows(file, Datasets.preferences(file, 0, keys.data().onBadRow()));
    }

    /** Everything a measure depends on but the model that is measured. */
    private static String dependencies(EvalConfig keys) {
        Map<String, String> entries = new TreeMap<>(new RunIdentity(new Resolved(keys).toMap()).entries());
        entries.remove("model");
        return entries.toString();
    }

    private static List<SampleRow> samples(List<Prompt> prompts, List<Measured> measured) {
        List<SampleRow> rows = new ArrayList<>();
        for (int i = 0; i < measured.get(0).answers().size(); i++) {
            List<MethodAnswer> answers = new ArrayList<>();
            for (Measured method : measured) {
                answers.add(new MethodAnswer(method.method(), method.answers().get(i)));
            }
            rows.add(new SampleRow(prompts.get(i).text().asString(), answers));
        }
        return rows;
    }

    private static String sentence(RewardAccuracy accuracy) {
        return String.format(
                Locale.ROOT,
                "accuracy %.1f %% (%.1f to %.1f) on %d pairs, margin %.3f",
                100 * accuracy.accuracy().rate(),
                100 * accuracy.accuracy().interval().low(),
                100 * accuracy.accuracy().interval().high(),
                (int) accuracy.accuracy().trials(),
                accuracy.margin().mean());
    }

    private static ReportModel report(StageRun run, String told, List<MethodResult> results, List<SampleRow> samples) {
        Curve none = new Curve("", "", "", List.of());
        return new ReportModel(
                "Preceptor eval", told, List.of(), results, none, List.of(), samples, run.data(), run.config());
    }
}
