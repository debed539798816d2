package ai.preceptor.cli.command.evaluation;

import ai.preceptor.Preceptor;
import ai.preceptor.RewardMeasure;
import ai.preceptor.Student;
import ai.preceptor.cli.command.PromptDigest;
import ai.preceptor.cli.command.SamplingChoice;
import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.command.TeacherRun;
import ai.preceptor.cli.console.PromptsShown;
import ai.preceptor.cli.console.SamplePrinter;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.console.TextTable;
import ai.preceptor.cli.keys.OpenTools;
import ai.preceptor.cli.keys.RunIdentity;
import ai.preceptor.cli.keys.TeacherPanel;
import ai.preceptor.cli.keys.inference.EvalConfig;
import ai.preceptor.cli.report.Chapter;
import ai.preceptor.cli.report.MethodResult;
import ai.preceptor.cli.report.RewardChapter;
import ai.preceptor.cli.report.SampleRow;
import ai.preceptor.cli.report.SampleRow.MethodAnswer;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.OutputException;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.eval.RewardReport;
import ai.preceptor.evaluation.Judges;
import ai.preceptor.evaluation.MeasuredMethods;
import ai.preceptor.evaluation.MeasuredMethods.Measured;
import ai.preceptor.evaluation.StudentEvaluation;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.run.ModelDigest;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.ScorerJudge;
import ai.preceptor.teacher.elicit.AnswerSampler;
import ai.preceptor.teacher.elicit.PromptProgress;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An evaluation of students: reads the inputs, evaluates, and reports on the terminal, in the summary and in the report.
 */
final class StudentsEval {
    private static final Logger LOG = LoggerFactory.getLogger(StudentsEval.class);
    private static final String MEASURED = "measured.jsonl";

    private final EvalConfig keys;
    private final StageRun run;
    private final Terminal terminal;
    private final SamplingChoice choice;

    StudentsEval(EvalConfig keys, StageRun run, Terminal terminal) {
        this.keys = keys;
        this.run = run;
        this.terminal = terminal;
        this.choice = SamplingChoice.of(
                keys.decode(),
                run,
                keys.resume(),
                Stream.concat(Stream.ofNullable(keys.judges().baseline()), keys.model().stream())
                        .toList());
    }

    /**
     * Refuses a run directory with methods that an evaluation measured before it was stopped; before anything of it is overwritten.
     *
     * @param output the run directory
     * @throws ConfigurationException if there are any
     */
    static void requireNew(Path output) {
        Path file = output.resolve(MEASURED);
        try {
            if (Files.exists(file) && Files.size(file) > 0) {
                throw new ConfigurationException("output: " + file
                        + " already holds measured methods; continue with resume=true or choose another directory");
            }
        } catch (IOException e) {
            throw new OutputException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    void run(Preceptor preceptor) {
        List<Prompt> prompts = prompts();
        List<Preference> pairs = pairs();
        long together = (long) Math.min(AnswerSampler.BATCH, prompts.size()) * keys.numGenerations();
        Map<String, @Nullable Object> summary = new LinkedHashMap<>();
        List<Chapter> chapters = new ArrayList<>();
        List<String> told = new ArrayList<>();
        SamplingOptions sampling = new SamplingOptions(keys.sampling(), keys.seed());
        EvalConfig.JudgeKeys by = keys.judges();
        if (by.baseline() != null) {
            tellWithoutKl(sampling);
        }
        List<Measured> measured;
        StudentEvaluation evaluation;
        // Users' own rules come first: if one cannot be made, no model need load.
        try (OpenRules rules = OpenRules.of(by.rules().byName());
                OpenTools tools = keys.tools().open();
                Student baseline = by.baseline() == null ? null : student(by.baseline(), together, preceptor, tools);
                TeacherRun asked = TeacherRun.ifAsked(
                        TeacherRun.Asking.of(by.teacher(), by.served(), by.judging(), keys.seed()),
                        run.path("."),
                        run.meters(),
                        preceptor,
                        keys.frozen());
                Judge judge = judge(preceptor, asked);
                Scorer reward = by.rewardModel() == null
                        ? null
                        : preceptor.scorer(by.rewardModel(), keys.frozen(), by.reading())) {
            Judges judges = new Judges(baseline, judge, reward, rules.scorers());
            evaluation = new StudentEvaluation(prompts, keys.numGenerations(), sampling, judges, this::progress);
            told.add(evaluation.prompts().size() + " different prompts");
            String dependencies = dependencies(chosen(together, preceptor), judge, evaluation.prompts());
            measured = TeacherRun.stoppable(
                    asked,
                    terminal,
                    () -> measured(model -> student(model, together, preceptor, tools), evaluation, dependencies));
            if (asked != null) {
                summary.putAll(asked.row());
            }
            if (!pairs.isEmpty() && reward != null) {
                RewardReport report = subsets().measure(reward, pairs, EvalCommand.agreementTeacher(keys, preceptor));
                summary.putAll(report.toRow());
                chapters.addAll(RewardChapter.of(report));
                told.add("reward model: " + EvalCommand.sentence(report.accuracy()));
            }
        }
        summary.putAll(choice.row());
        if (keys.model().size() == 1) {
            measured.get(measured.size() - 1)
                    .row()
                    .properties()
                    .forEach(entry -> summary.put(entry.getKey(), entry.getValue()));
        }
        summary.put("methods", measured.stream().map(Measured::row).toList());
        undecided(measured).forEach(told::add);
        tell(measured, samples(evaluation.prompts(), measured), told, summary, chapters);
    }

    private void tellWithoutKl(SamplingOptions sampling) {
        if (!sampling.isUnfiltered()) {
            terminal.err()
                    .println(
                            "eval: KL is left out; it needs temperature=1, top_p=1, top_k=0, min_p=0 and no penalties");
        } else if (!keys.decode().samplesModel(keys.dtype())) {
            terminal.err()
                    .println("eval: KL is left out; it needs answers of the model itself, not of one whose weights"
                            + " rollout_dtype rounds");
        }
    }

    private List<Prompt> prompts() {
        EvalConfig.JudgeKeys by = keys.judges();
        return run.rows(
                keys.data(),
                keys.tools().checked(by.judging().checked(by.rules().checked(Datasets::prompts))));
    }

    /** @param together answers that are sampled together */
    private Student student(Path model, long together, Preceptor preceptor, OpenTools tools) {
        return tools.given(
                keys.frozen().files(model),
                () -> choice.student(together, () -> preceptor.student(model, keys.frozen())));
    }

    /** What computes steps, chosen by the first student if no baseline was loaded. */
    private DecodeSettings chosen(long together, Preceptor preceptor) {
        if (keys.judges().baseline() == null) {
            choice.choose(
                    together,
                    preceptor.torch(),
                    () -> preceptor.student(keys.model().get(0), keys.frozen()));
        }
        return choice.settings();
    }

    private void tell(
            List<Measured> measured,
            List<SampleRow> samples,
            List<String> told,
            Map<String, @Nullable Object> summary,
            List<Chapter> further) {
        List<MethodResult> results =
                measured.stream().map(Measured::row).map(MethodResult::ofRow).toList();
        List<Chapter> chapters = new ArrayList<>(List.of(MethodResult.chapter(results)));
        chapters.addAll(further);
        samples.forEach(sample -> run.sample(row(sample)));
        Chapter table = MethodResult.printed(results);
        TextTable.lines(table.header(), table.rows()).forEach(terminal.out()::println);
        told.forEach(terminal.out()::println);
        new SamplePrinter(terminal).print(samples);
        run.write(summary, EvalCommand.report(run, String.join("; ", told), chapters, samples));
    }

    private @Nullable Judge judge(Preceptor preceptor, @Nullable TeacherRun asked) {
        List<Path> teacher = keys.judges().teacher();
        if (asked != null) {
            return asked.judge();
        }
        return teacher == null ? null : new ScorerJudge(preceptor.scorer(TeacherPanel.one(teacher), keys.frozen()));
    }

    private PromptProgress progress(String method) {
        return new PromptsShown(
                terminal,
                method,
                "prompts answered",
                done -> "interrupted while " + method
                        + " answered; methods measured before are kept; continue with resume=true");
    }

    /**
     * The measures of the baseline and of best-of-n, if there are any, and those of every model.
     *
     * @param dependencies what must be the same for measures of an earlier run to count
     */
    private List<Measured> measured(
            Function<Path, Student> loading, StudentEvaluation evaluation, String dependencies) {
        try (MeasuredMethods done = MeasuredMethods.open(run.path(MEASURED), dependencies, keys.resume())) {
            return measured(loading, evaluation, done);
        }
    }

    private List<Measured> measured(
            Function<Path, Student> loading, StudentEvaluation evaluation, MeasuredMethods done) {
        List<Measured> all = new ArrayList<>();
        if (keys.judges().baseline() != null) {
            all.add(done.get(StudentEvaluation.START, identity(keys.judges().baseline()), evaluation::measureBaseline));
        }
        MethodNames names = new MethodNames();
        for (int n : keys.sizes()) {
            String method = StudentEvaluation.bestOf(n);
            names.keep(method);
            all.add(done.get(
                    method,
                    identity(Objects.requireNonNull(keys.judges().baseline())),
                    () -> evaluation.measureBestOf(n, Collections.max(keys.sizes()))));
        }
        for (Path model : keys.model()) {
            String method = names.of(model);
            all.add(done.get(method, identity(model), () -> {
                try (Student student = loading.apply(model)) {
                    return evaluation.measure(method, student, seconds(model));
                }
            }));
        }
        return all;
    }

    /** What the run that made a model says it took; null when the model did not come from one. */
    private static @Nullable Double seconds(Path model) {
        Path summary = model.toAbsolutePath().resolveSibling("summary.json");
        if (!Files.isRegularFile(summary)) {
            return null;
        }
        try {
            JsonNode seconds = new ObjectMapper().readTree(summary.toFile()).path("train_runtime");
            return seconds.isNumber() ? seconds.doubleValue() : null;
        } catch (IOException e) {
            LOG.warn("{}: {}", summary, e.getMessage());
            return null;
        }
    }

    private List<Preference> pairs() {
        Path file = keys.judges().pairs();
        if (file == null) {
            return List.of();
        }
        List<Preference> pairs =
                run.rows(file, Datasets.preferences(file, 0, keys.data().onBadRow()));
        subsets().check(pairs);
        return pairs;
    }

    private RewardMeasure subsets() {
        return new RewardMeasure(keys.judges().subsetColumn());
    }

    /** Comparisons without a verdict, which the win rates leave out. */
    private static List<String> undecided(List<Measured> measured) {
        List<String> lines = new ArrayList<>();
        for (Measured method : measured) {
            int undecided = method.row().path("win_rate_undecided").asInt();
            if (undecided > 0) {
                lines.add(method.method() + ": " + undecided + " undecided comparison" + (undecided == 1 ? "" : "s")
                        + ", left out of the win rate");
            }
        }
        return lines;
    }

    /** Everything a measure depends on but the model that is measured. */
    private String dependencies(DecodeSettings decode, @Nullable Judge judge, List<Prompt> prompts) {
        Map<String, String> entries = new TreeMap<>(RunIdentity.of(keys));
        entries.remove("model");
        entries.remove("best_of");
        entries.put("prompts", PromptDigest.of(prompts));
        entries.put("rollout_dtype", decode.value());
        if (decode.equals(DecodeSettings.TENSORS)) {
            entries.remove("rollout_dtype"); // what was measured before there was this key is known
        }
        EvalConfig.JudgeKeys by = keys.judges();
        if (judge instanceof ScorerJudge || (by.baseline() != null && by.rewardModel() != null)) {
            entries.put("measures", "differences"); // what was measured before there were these figures is not known
        }
        Stream.of(
                        Objects.requireNonNullElse(by.teacher(), List.<Path>of()).stream(),
                        Stream.ofNullable(by.baseline()),
                        Stream.ofNullable(by.rewardModel()))
                .flatMap(models -> models)
                .forEach(model -> entries.put("files of " + model, ModelDigest.of(model, null)));
        return entries.toString();
    }

    /** With its files, so that another model under the same path is measured anew. */
    private static String identity(Path model) {
        return model + " " + ModelDigest.of(model, null);
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
