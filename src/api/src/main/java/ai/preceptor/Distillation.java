package ai.preceptor;

import ai.preceptor.data.Demonstration;
import ai.preceptor.distill.DistillationPass;
import ai.preceptor.distill.OnPolicyRows;
import ai.preceptor.distill.TokenRow;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.run.LoadedModel;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.Metric;
import ai.preceptor.train.Pass;
import ai.preceptor.train.Totals;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainLoop;
import ai.preceptor.train.TrainSummary;
import ai.preceptor.train.model.OptimizedModel;
import ai.preceptor.train.rows.EpochRows;
import ai.preceptor.train.rows.RowSource;
import ai.preceptor.train.rows.TrainingRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One distillation run: encodes the rows, sets up the teacher, runs the loop, evaluates the held-out rows. */
record Distillation(
        LoadedModel student, Path teacher, DistillOptions options, TrainConfig config, LoopSetting setting) {
    private static final Logger LOG = LoggerFactory.getLogger(Distillation.class);

    StudentSummary run(List<Demonstration> rows, List<Demonstration> heldOut) {
        DistillOptions.requireSameVocabulary(student.directory(), teacher);
        TrainingRows<TokenRow> train = fitting(rows);
        List<TokenRow> test = heldOut.isEmpty() ? List.of() : fitting(heldOut).rows();
        List<TokenRow> all = new ArrayList<>(train.rows());
        all.addAll(test);
        try (OptimizedModel trained = OptimizedModel.of(student.model(), new ModelFiles(student.directory()), config);
                TeacherSetup side = TeacherSetup.open(student, teacher, options, trained, all, config, setting)) {
            TrainSummary summary =
                    new TrainLoop<>(config, side.trained(), side.pass(), source(train), side.setting()).run();
            return new StudentSummary(summary, test.isEmpty() ? Map.of() : measure(side.measure(), test));
        }
    }

    private TrainingRows<TokenRow> fitting(List<Demonstration> rows) {
        List<TokenRow> encoded = new ArrayList<>();
        for (Demonstration row : rows) {
            encoded.add(options.learnt().encode(row, student.encoder()));
        }
        TrainingRows<TokenRow> fitting =
                TrainingRows.measure(encoded, TokenRow::packInto, config.maxLength(), config.overLength());
        if (fitting.dropped() > 0) {
            LOG.warn(
                    "{} of {} rows left out: longer than max_length {}",
                    fitting.dropped(),
                    rows.size(),
                    config.maxLength());
        }
        return fitting;
    }

    private RowSource<TokenRow> source(TrainingRows<TokenRow> rows) {
        EpochRows<TokenRow> epochs = new EpochRows<>(
                rows, config.batchSize(), config.gradientAccumulationSteps(), config.shuffle(), config.seed());
        if (options.lmbda() == 0) {
            return epochs;
        }
        return new OnPolicyRows(epochs, this::answers, options.lmbda(), config.seed());
    }

    /** One answer of the student to each prompt, in tokens. */
    private List<int[]> answers(List<int[]> prompts, long seed) {
        return student.generator().generate(prompts, 1, options.sampling().withSeed(seed)).stream()
                .map(samples -> samples.get(0).tokenIds())
                .toList();
    }

    private Map<String, Double> measure(DistillationPass pass, List<TokenRow> rows) {
        int tokens = rows.stream().mapToInt(TokenRow::targets).sum();
        Totals totals = new Totals(rows.size(), tokens);
        double loss = 0;
        Map<String, Metric> metrics = new LinkedHashMap<>();
        for (int from = 0; from < rows.size(); from += config.batchSize()) {
            List<TokenRow> some = rows.subList(from, Math.min(rows.size(), from + config.batchSize()));
            PackedBatch.Builder builder = PackedBatch.builder();
            some.forEach(row -> row.packInto(builder));
            Pass.Contribution part = pass.measure(some, builder.build(), totals);
            loss += part.loss();
            metrics = Metric.merge(metrics, part.metrics());
        }
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("eval_loss", loss);
        metrics.forEach((name, metric) -> values.put("eval_" + name, metric.value()));
        return values;
    }
}
