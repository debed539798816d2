package ai.preceptor.cli.command;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.cli.keys.RankConfig;
import ai.preceptor.data.Prompted;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.Objective;
import ai.preceptor.train.Reference;
import ai.preceptor.train.ReferenceCache;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.model.SyncedReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The frozen model of {@code rank}.
 *
 * @param reference its log-probabilities; null for a loss that needs none
 * @param frozen a second model that is kept beside the student; null when none is
 * @param synced the reference again where it follows the student; null when it stays as it is
 */
record RankReference<R>(
        @Nullable Reference<R> reference,
        @Nullable Student frozen,
        @Nullable SyncedReference<R> synced) implements AutoCloseable {
    /**
     * What the keys ask for: a second model, or its numbers for {@code rows} alone.
     *
     * @param student as it was loaded, before any step
     */
    static <R extends Prompted> RankReference<R> of(
            RankConfig keys, Objective<R> objective, Student student, Preceptor preceptor, HeldOut<R> rows) {
        if (!objective.needsReference()) {
            return new RankReference<>(null, null, null);
        }
        Path other = keys.refModel();
        if (other == null && student.model().trainsAdapter() && !keys.precomputeRefLogProbs()) {
            return new RankReference<>((some, batch) -> student.model().referenceLogprobs(batch), null, null);
        }
        LoadOptions comparable =
                keys.student().frozen(student.model().parameters().forwardPrecision());
        if (!keys.precomputeRefLogProbs()) {
            Path directory = other == null ? keys.student().model() : other;
            Student frozen = preceptor.student(directory, comparable);
            if (keys.syncRefModel()) {
                SyncedReference<R> synced = new SyncedReference<>(
                        frozen.model(), student.model(), keys.refModelMixupAlpha(), keys.refModelSyncSteps());
                return new RankReference<>(synced, frozen, synced);
            }
            return new RankReference<>((some, batch) -> frozen.logprobs(batch), frozen, null);
        }
        List<R> all = new ArrayList<>(rows.train());
        all.addAll(rows.test());
        TrainConfig config = keys.training();
        ReferenceCache cache = new ReferenceCache(keys.referenceCacheDirectory());
        if (other == null) {
            return new RankReference<>(student.precomputedReference(objective, all, config, cache), null, null);
        }
        try (Student frozen = preceptor.student(other, comparable, keys.text().promptBoundary())) {
            return new RankReference<>(frozen.precomputedReference(objective, all, config, cache), null, null);
        }
    }

    /** A loop's surroundings in which a reference that follows the student hears its steps and is saved. */
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
