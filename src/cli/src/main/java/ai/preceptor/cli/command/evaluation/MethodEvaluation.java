package ai.preceptor.cli.command.evaluation;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.cli.command.evaluation.MeasuredMethods.Measured;
import ai.preceptor.cli.keys.inference.EvalConfig;
import ai.preceptor.eval.AnswerSet;
import ai.preceptor.eval.EvalReport;
import ai.preceptor.eval.SequenceLogprobs;
import ai.preceptor.teacher.PositionBias;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures models one after the other: the same prompts, the same baseline, the same judges. */
final class MethodEvaluation {
    /** The name of the baseline among the methods. */
    static final String START = "start";

    /** Prompts whose answers are kept to be shown. */
    private static final int SHOWN = 4;

    private static final Logger LOG = LoggerFactory.getLogger(MethodEvaluation.class);

    private final EvalConfig keys;
    private final Preceptor preceptor;
    private final EvalModels judges;
    private final Answering answering;
    private final MeasuredMethods done;
    private @Nullable AnswerSet start;

    MethodEvaluation(
            EvalConfig keys, Preceptor preceptor, EvalModels judges, Answering answering, MeasuredMethods done) {
        this.keys = keys;
        this.preceptor = preceptor;
        this.judges = judges;
        this.answering = answering;
        this.done = done;
    }

    /** The baseline's measures, if there is one, and those of every model. */
    List<Measured> run() {
        List<Measured> all = new ArrayList<>();
        Path baseline = keys.judges().baseline();
        if (baseline != null && judges.baseline() != null) {
            Measured known = done.find(START, baseline);
            all.add(known == null ? measureStart(baseline, judges.baseline()) : known);
        }
        MethodNames names = new MethodNames();
        for (Path model : keys.model()) {
            String method = names.of(model);
            Measured known = done.find(method, model);
            all.add(known == null ? measure(method, model) : known);
        }
        return all;
    }

    private Measured measureStart(Path model, Student baseline) {
        AnswerSet answers = start(baseline);
        EvalReport report = judges.evaluation(answers).measureBaseline(START, baseline.sequenceLogprobs());
        return keep(START, model, report, PositionBias.NONE_SEEN, answers);
    }

    private Measured measure(String method, Path model) {
        try (Student student = preceptor.student(model, keys.frozen())) {
            AnswerSet answers = answering.answers(method, student);
            Student baseline = judges.baseline();
            PositionBias before = judges.bias();
            EvalReport report = baseline == null
                    ? judges.evaluation(answers).measureBaseline(method, null)
                    : judges.evaluation(start(baseline))
                            .measure(method, answers, comparable(student, baseline), seconds(model));
            return keep(method, model, report, judges.bias().since(before), answers);
        }
    }

    private AnswerSet start(Student baseline) {
        if (start == null) {
            start = answering.answers(START, baseline);
        }
        return start;
    }

    /** A divergence between models of different vocabularies has no meaning. */
    private static @Nullable SequenceLogprobs comparable(Student student, Student baseline) {
        boolean same = student.model().config().vocabSize()
                == baseline.model().config().vocabSize();
        return same ? student.sequenceLogprobs() : null;
    }

    private Measured keep(String method, Path model, EvalReport report, PositionBias bias, AnswerSet answers) {
        List<String> shown = answers.completions().stream()
                .limit(SHOWN)
                .map(own -> own.get(0).text())
                .toList();
        Map<String, @Nullable Object> row = report.toRow();
        row.putAll(bias.toRow());
        return done.add(method, model, row, shown);
    }

    /** What the run that made a model says it took; null when the model did not come from one. */
    private static @Nullable Double seconds(Path model) {
        Path summary = model.toAbsolutePath().resolveSibling("summary.json");
        if (!Files.isRegularFile(summary)) {
            return null;
        }
        try {
            double seconds = new ObjectMapper()
                    .readTree(summary.toFile())
                    .path("train_runtime")
                    .asDouble(Double.NaN);
            return Double.isNaN(seconds) ? null : seconds;
        } catch (IOException e) {
            LOG.warn("{}: {}", summary, e.getMessage());
            return null;
        }
    }
}
