package ai.preceptor;

import ai.preceptor.data.Completion;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.distill.MeasuredPass;
import ai.preceptor.distill.OnPolicyRows;
import ai.preceptor.distill.TeacherRole;
import ai.preceptor.distill.TokenRow;
import ai.preceptor.distill.cache.TeacherCache;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.engine.Generator;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.run.HeldOutRows;
import ai.preceptor.run.LoadedModel;
import ai.preceptor.served.ServedAnswers;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.Pass;
import ai.preceptor.train.Totals;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainLoop;
import ai.preceptor.train.model.OptimizedModel;
import ai.preceptor.train.rows.EpochRows;
import ai.preceptor.train.rows.OverLength;
import ai.preceptor.train.rows.RowSource;
import ai.preceptor.train.rows.TrainingRows;
import ai.preceptor.vllm.VllmSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One distillation run: encodes the rows, sets up the teacher, runs the loop, evaluates the held-out rows. */
record Distillation(
        LoadedModel student, List<Path> teachers, DistillOptions options, TrainConfig config, LoopSetting setting) {
    private static final Logger LOG = LoggerFactory.getLogger(Distillation.class);

    StudentSummary run(List<Demonstration> rows, List<Demonstration> heldOut) {
        options.requireTeachers(teachers.size());
        if (options.lmbda() > 0 && student.tools() != null) {
            throw new ConfigurationException("tools: expected a student without tools with lmbda " + options.lmbda()
                    + ": what tools write would be missing from its answers, found one with tools");
        }
        if (!options.loss().allowsOtherVocabulary() && !(options.role() instanceof TeacherRole.Served)) {
            teachers.forEach(teacher -> DistillOptions.requireSameVocabulary(student.directory(), teacher));
        }
        TrainingRows<TokenRow> train;
        List<TokenRow> test;
        try (TeacherEncoders encoders = TeacherEncoders.of(this)) {
            train = answerable(fitting(rows, encoders));
            test = heldOut.isEmpty() ? List.of() : fitting(heldOut, encoders).rows();
        }
        List<TokenRow> all = new ArrayList<>(train.rows());
        all.addAll(test);
        try (TeacherCache served =
                options.role() instanceof TeacherRole.Served role ? TeacherSetup.served(role, student, all) : null) {
            return run(
                    served == null ? train : answered(train, served),
                    served == null ? test : test.stream().filter(served::holds).toList(),
                    all,
                    served);
        }
    }

    private StudentSummary run(
            TrainingRows<TokenRow> train, List<TokenRow> test, List<TokenRow> all, @Nullable TeacherCache served) {
        try (OptimizedModel trained = OptimizedModel.of(student.model(), student.files(), config);
                TeacherSetup side = TeacherSetup.open(this, trained, all, served);
                ServedAnswers servers = ServedAnswers.ifGiven(
                        options.lmbda() > 0 ? options.servers() : VllmSettings.none(),
                        student,
                        options.sampling(),
                        config.maxLength())) {
            LoopSetting loop = side.setting()
                    .evaluatedBy(HeldOutRows.ifAny(test, new Measured(side.measure()), config, setting.interrupt()));
            return new StudentSummary(
                    new TrainLoop<>(config, side.trained(), side.pass(), source(train, servers), loop).run());
        }
    }

    private TrainingRows<TokenRow> fitting(List<Demonstration> rows, TeacherEncoders encoders) {
        List<TokenRow> encoded = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            try {
                encoded.add(encoders.encode(rows.get(i)));
            } catch (EncodingException refused) {
                throw new EncodingException("row " + i + " (0-based): " + refused.getMessage(), refused);
            }
        }
        TrainingRows<TokenRow> fitting =
                TrainingRows.measure(encoded, Distillation::packAll, config.maxLength(), config.overLength());
        if (fitting.dropped() > 0) {
            LOG.warn(
                    "{} of {} rows left out: longer than max_length {}",
                    fitting.dropped(),
                    rows.size(),
                    config.maxLength());
        }
        return fitting;
    }

    /** The rows whose prompts leave room for the student's own answers, where it writes some. */
    private TrainingRows<TokenRow> answerable(TrainingRows<TokenRow> rows) {
        if (options.lmbda() == 0) {
            return rows;
        }
        int context = student.model().config().maxPositionEmbeddings();
        OnPolicyRows.Room room = options.room(config.maxLength(), context, teachers);
        List<Integer> kept = new ArrayList<>();
        String first = "";
        for (int i = 0; i < rows.rows().size(); i++) {
            try {
                room.require(rows.rows().get(i));
                kept.add(i);
            } catch (EncodingException tooLong) {
                String problem = "row " + rows.positions().get(i) + " (0-based): " + tooLong.getMessage();
                if (config.overLength() == OverLength.REFUSE) {
                    throw new DataException(problem, tooLong);
                }
                first = first.isEmpty() ? problem : first;
            }
        }
        return only(kept, rows, "no room for answers of the student's own: " + first);
    }

    /** The rows that a teacher elsewhere has distributions of. */
    private TrainingRows<TokenRow> answered(TrainingRows<TokenRow> rows, TeacherCache served) {
        List<Integer> kept = IntStream.range(0, rows.rows().size())
                .filter(i -> served.holds(rows.rows().get(i)))
                .boxed()
                .toList();
        if (kept.isEmpty()) {
            throw new DataException(
                    "teacher_url: no rows to train on: none of " + rows.rows().size() + " was answered");
        }
        return only(kept, rows, "the teacher did not answer");
    }

    /**
     * Some of the rows.
     *
     * @param kept their places
     * @param why the others are left out
     */
    private TrainingRows<TokenRow> only(List<Integer> kept, TrainingRows<TokenRow> rows, String why) {
        int missing = rows.rows().size() - kept.size();
        if (missing == 0) {
            return rows;
        } else if (kept.isEmpty()) {
            throw new DataException("no rows to train on: all " + missing + " are left out: " + why);
        }
        LOG.warn("{} of {} rows left out: {}", missing, rows.rows().size(), why);
        TrainingRows<TokenRow> measured = TrainingRows.measure(
                kept.stream().map(rows.rows()::get).toList(),
                Distillation::packAll,
                config.maxLength(),
                config.overLength());
        List<Integer> positions = kept.stream().map(rows.positions()::get).toList();
        return new TrainingRows<>(
                measured.rows(), positions, rows.dropped() + missing, measured.longest(), measured.checksum());
    }

    /** What the student sees and what teachers see: the longest of them has to fit. */
    private static void packAll(TokenRow row, PackedBatch.Builder into) {
        row.packInto(into);
        row.view().seen().forEach(seen -> seen.packInto(into));
    }

    private RowSource<TokenRow> source(TrainingRows<TokenRow> rows, @Nullable ServedAnswers servers) {
        EpochRows<TokenRow> epochs = new EpochRows<>(
                rows, config.batchSize(), config.gradientAccumulationSteps(), config.shuffle(), config.seed());
        if (options.lmbda() == 0) {
            return epochs;
        }
        return new OnPolicyRows(
                epochs,
                servers == null ? sampler() : servers,
                options.lmbda(),
                options.numGenerations(),
                config.seed());
    }

    private OnPolicyRows.Sampler sampler() {
        Generator generator = student.generator(); // one for all batches: what it finds out about the model stays known
        return (prompts, count, seed) -> answers(generator, prompts, count, seed);
    }

    /** Answers of the student to each prompt, in tokens. */
    private List<List<int[]>> answers(Generator generator, List<int[]> prompts, int count, long seed) {
        return generator.generate(prompts, count, options.sampling().withSeed(seed)).stream()
                .map(samples -> samples.stream().map(Completion::tokenIds).toList())
                .toList();
    }

    /** Held-out rows; each of their targets counts. */
    private record Measured(MeasuredPass pass) implements HeldOutRows.Measure<TokenRow> {
        @Override
        public void pack(TokenRow row, PackedBatch.Builder into) {
            row.packInto(into);
        }

        @Override
        public int tokens(List<TokenRow> rows, PackedBatch batch) {
            return rows.stream().mapToInt(TokenRow::targets).sum();
        }

        @Override
        public Pass.Contribution run(List<TokenRow> rows, PackedBatch batch, Totals step) {
            return pass.measure(rows, batch, step);
        }
    }
}
