package ai.preceptor;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.train.Objective;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The frozen reference of a student that learns from preferences; read only where the objective compares with one.
 *
 * @param refModel a directory in Hugging Face's layout; null for the student as it is before the first step, or below its
 *     adapter
 * @param precompute whether the reference's log-probabilities are computed once, before training, instead of keeping a
 *     second model
 * @param referenceCache directory where what is computed once is kept for later runs on the same model and rows; null to
 *     keep nothing
 * @param sync how the reference follows the student; null where it stays as it is
 */
public record RankOptions(
        @Nullable Path refModel,
        boolean precompute,
        @Nullable Path referenceCache,
        @Nullable Sync sync) {

    /** Compares with the student as it was, a second model beside it. */
    public static final RankOptions STANDARD = new RankOptions(null, false, null, null);

    /**
     * A reference that is drawn after the student now and then (TR-DPO, arXiv:2404.09656).
     *
     * @param mixupAlpha share of the student in the new reference, in [0, 1]; 0.6 in TRL
     * @param steps between two such references, 1 or more; 512 in TRL
     */
    public record Sync(double mixupAlpha, int steps) {
        /** @throws ConfigurationException when a number is out of its range */
        public Sync {
            if (!(mixupAlpha >= 0 && mixupAlpha <= 1)) {
                throw new ConfigurationException("ref_model_mixup_alpha is " + mixupAlpha + ", legal: [0, 1]");
            }
            if (steps < 1) {
                throw new ConfigurationException("ref_model_sync_steps is " + steps + ", legal: 1 or more");
            }
        }
    }

    /** @throws ConfigurationException when the reference is to be computed once and to follow the student */
    public RankOptions {
        if (sync != null && precompute) {
            throw new ConfigurationException("sync_ref_model: expected false with precompute_ref_log_probs,"
                    + " whose results cannot change with the student, found true");
        }
    }

    /** The same with the reference's log-probabilities computed once. */
    public RankOptions precomputed() {
        return new RankOptions(refModel, true, referenceCache, sync);
    }

    /**
     * Element type of the forward passes of a student whose weights are trained: float32 where it is compared with a
     * reference, since what moved away from one is small beside what bfloat16 rounds.
     *
     * @param precision the student's own
     */
    public static Precision forward(Objective<?> objective, Precision precision) {
        return objective.needsReference() ? Precision.FLOAT32 : precision;
    }

    /**
     * How a student is loaded that {@code objective} is to train: with {@link #forward}, unless an adapter is trained, whose
     * base has no float32 weights.
     *
     * @param directory of the student
     * @param options to train it
     */
    public static LoadOptions load(Path directory, LoadOptions options, Objective<?> objective) {
        boolean adapter = options.lora() != null || options.adapter() != null || new ModelFiles(directory).isAdapter();
        return adapter ? options : options.withForward(forward(objective, options.precision()));
    }
}
