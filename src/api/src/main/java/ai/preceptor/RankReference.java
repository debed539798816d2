package ai.preceptor;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.run.LoadedModel;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.Objective;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.model.SyncedReference;
import ai.preceptor.train.reference.PrecomputedReference;
import ai.preceptor.train.reference.Reference;
import ai.preceptor.train.reference.ReferenceCache;
import ai.preceptor.train.rows.Packer;
import ai.preceptor.train.rows.TrainingRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The frozen model of {@link Student#rank}.
 *
 * @param reference its log-probabilities; null for a loss that needs none
 * @param frozen a second model that is kept beside the student; null when none is
 * @param synced the reference again where it follows the student; null when it stays as it is
 */
record RankReference<R>(
        @Nullable Reference<R> reference,
        @Nullable Student frozen,
        @Nullable SyncedReference<R> synced) implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RankReference.class);

    /**
     * What the options ask for: a second model, or its numbers for {@code rows} alone.
     *
     * @param student as it is before any step
     * @param learnt rows that are trained on, as {@link #known} gives them
     * @param measured rows that are measured, as {@link #known} gives them
     * @throws ConfigurationException when a reference is to follow a student that trains an adapter or has other shapes
     */
    static <R> RankReference<R> of(
            Student student,
            RankOptions options,
            Objective<R> objective,
            List<R> learnt,
            List<R> measured,
            TrainConfig config) {
        if (!objective.needsReference()) {
            return new RankReference<>(null, null, null);
        }
        LanguageModel model = student.model();
        if (options.sync() != null && model.trainsAdapter()) {
            throw new ConfigurationException("sync_ref_model: expected false with an adapter, whose reference is the"
                    + " model without it, found true");
        }
        Path other = options.refModel();
        if (options.precompute()) {
            sayIfNotAllAreReached(learnt.size(), config);
            List<R> rows = new ArrayList<>(learnt);
            rows.addAll(measured);
            return new RankReference<>(precomputed(student, options, objective, rows, config), null, null);
        }
        if (other == null && model.trainsAdapter()) {
            return new RankReference<>((some, batch) -> model.referenceLogprobs(batch), null, null);
        }
        LoadedModel loaded = student.loaded();
        Student frozen = new Student(
                other == null
                        ? loaded.frozen()
                        : options.sync() != null ? loaded.movingReference(other) : loaded.reference(other));
        if (options.sync() != null) {
            SyncedReference<R> synced = new SyncedReference<>(
                    frozen.model(),
                    model,
                    options.sync().mixupAlpha(),
                    options.sync().steps());
            return new RankReference<>(synced, frozen, synced);
        }
        return new RankReference<>((some, batch) -> frozen.logprobs(batch), frozen, null);
    }

    private static void sayIfNotAllAreReached(int rows, TrainConfig config) {
        Integer steps = config.maxSteps();
        long reached = steps == null ? rows : (long) steps * config.batchSize() * config.gradientAccumulationSteps();
        if (reached < rows) {
            LOG.info(
                    "precompute_ref_log_probs: of {} rows max_steps={} reaches {}; with precompute_ref_log_probs=false the"
                            + " reference is computed for these only",
                    rows,
                    steps,
                    reached);
        }
    }

    /** Rows that stay the same objects where numbers are computed before the run, which are known by the rows themselves. */
    static <R> List<R> known(List<R> rows, RankOptions options) {
        return options.precompute() ? new ArrayList<>(rows) : rows;
    }

    private static <R> Reference<R> precomputed(
            Student student, RankOptions options, Objective<R> objective, List<R> rows, TrainConfig config) {
        Path other = options.refModel();
        Path directory = options.referenceCache();
        ReferenceCache cache = directory == null ? null : new ReferenceCache(directory);
        if (other == null) {
            return precomputed(student, student, cache, objective, rows, config);
        }
        try (Student frozen = new Student(student.loaded().reference(other))) {
            return precomputed(student, frozen, cache, objective, rows, config);
        }
    }

    /** @param student encodes the rows, whichever model is the reference: both must see the same tokens */
    static <R> Reference<R> precomputed(
            Student student,
            Student frozen,
            @Nullable ReferenceCache cache,
            Objective<R> objective,
            List<R> rows,
            TrainConfig config) {
        Packer<R> packer = (row, into) -> objective.pack(row, student.encoder(), into);
        List<R> fitting = TrainingRows.measure(rows, packer, config.maxLength(), config.overLength())
                .rows();
        return cache == null
                ? PrecomputedReference.compute(fitting, packer, config.batchSize(), frozen::logprobs)
                : cache.reference(
                        fitting, packer, config.batchSize(), frozen.model().fingerprint(), frozen::logprobs);
    }

    /** A loop's environment in which a synchronized reference receives the steps and is saved. */
    LoopSetting in(LoopSetting setting) {
        return synced == null ? setting : setting.hearing(synced).with(synced);
    }

    @Override
    public void close() {
        if (frozen != null) {
            frozen.close();
        }
    }
}
