package ai.preceptor.cli.command.evaluation;

import ai.preceptor.Preceptor;
import ai.preceptor.RewardMeasure;
import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.command.evaluation.MeasuredMethods.Measured;
import ai.preceptor.cli.console.ResultTable;
import ai.preceptor.cli.console.SamplePrinter;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.cli.keys.RunIdentity;
import ai.preceptor.cli.keys.inference.EvalConfig;
import ai.preceptor.cli.report.Chapter;
import ai.preceptor.cli.report.MethodResult;
import ai.preceptor.cli.report.RewardChapter;
import ai.preceptor.cli.report.SampleRow;
import ai.preceptor.cli.report.SampleRow.MethodAnswer;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.eval.RewardReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An evaluation of students: reads, measures, and tells it on the terminal, in the summary and in the report. */
final class StudentsEval {
    private final EvalConfig keys;
    private final StageRun run;
    private final Terminal terminal;

    StudentsEval(EvalConfig keys, StageRun run, Terminal terminal) {
        this.keys = keys;
        this.run = run;
        this.terminal = terminal;
    }

    void run(Preceptor preceptor) {
        DataKeys data = keys.data();
        List<Prompt> prompts =
                distinct(run.rows(data.data(), Datasets.prompts(data.data(), data.limit(), data.onBadRow())));
        List<Preference> pairs = pairs();
        Map<String, @Nullable Object> summary = new LinkedHashMap<>();
        List<Chapter> chapters = new ArrayList<>();
        List<String> told = new ArrayList<>(List.of(prompts.size() + " different prompts"));
        if (keys.judges().baseline() != null && !keys.sampling().isUnfiltered()) {
            terminal.err()
                    .println(
                            "eval: KL is left out; it needs temperature=1, top_p=1, top_k=0, min_p=0 and no penalties");
        }
        List<Measured> measured;
        try (EvalModels judges = EvalModels.open(keys, preceptor, run.path("."));
                MeasuredMethods done =
                        MeasuredMethods.open(run.path("measured.jsonl"), dependencies(), keys.resume())) {
            Answering answering = new Answering(keys, prompts, terminal);
            measured = new MethodEvaluation(keys, preceptor, judges, answering, done).run();
            if (judges.served() != null) {
                summary.putAll(judges.served().row());
            }
            if (!pairs.isEmpty() && judges.reward() != null) {
                RewardReport report = new RewardMeasure(keys.judges().subsetColumn())
                        .measure(judges.reward(), pairs, EvalCommand.agreementTeacher(keys, preceptor));
                summary.putAll(report.toRow());
                chapters.add(RewardChapter.of(report));
                told.add("reward model: " + EvalCommand.sentence(report.accuracy()));
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
        samples.forEach(sample -> run.sample(row(sample)));
        new ResultTable(results).lines().forEach(terminal.out()::println);
        told.forEach(terminal.out()::println);
        new SamplePrinter(terminal).print(samples);
        run.write(
                summary,
                EvalCommand.report(run, String.join("; ", told), results, samples)
                        .with(chapters));
    }

    /** Rows of pairs repeat their prompts, and a prompt that counted twice would make intervals look narrower. */
    private static List<Prompt> distinct(List<Prompt> rows) {
        Map<Text, Prompt> distinct = new LinkedHashMap<>();
        rows.forEach(prompt -> distinct.putIfAbsent(prompt.text(), prompt));
        return List.copyOf(distinct.values());
    }

    private List<Preference> pairs() {
        Path file = keys.judges().pairs();
        return file == null
                ? List.of()
                : run.rows(file, Datasets.preferences(file, 0, keys.data().onBadRow()));
    }

    /** Everything a measure depends on but the model that is measured. */
    private String dependencies() {
        Map<String, String> entries = new TreeMap<>(RunIdentity.of(keys).entries());
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

    /** Of a step, so that the next time the run is opened the rows are taken for unfinished work and dropped. */
    private static Map<String, Object> row(SampleRow sample) {
        Map<String, String> answers = new LinkedHashMap<>();
        sample.answers().forEach(answer -> answers.put(answer.method(), answer.text()));
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("step", 1);
        row.put("prompt", sample.prompt());
        row.put("answers", answers);
        return row;
    }
}
