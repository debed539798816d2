package ai.preceptor.distill;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.lm.TeacherDistributions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How a teacher takes part in distillation. */
public sealed interface TeacherRole {

    /** It stays as it is and runs beside the student (offline distillation). */
    record Fixed() implements TeacherRole {}

    /**
     * It stays as it is, runs once over the rows, and stores its most probable tokens in a file (offline
     * distillation). A file
     * that an earlier run left for the same teacher, rows and temperature is used as it is; the teacher is not loaded then.
     *
     * @param k tokens kept of each distribution, 1 or more
     * @param tail what stands for the others
     * @param directory where files are kept
     * @param passes runs the teacher elsewhere, in place of this process; null for nobody
     */
    record Cached(
            int k,
            TeacherDistributions.Tail tail,
            Path directory,
            @Nullable TopTokenPasses passes) implements TeacherRole {
        /** @throws ConfigurationException unless k is 1 or more */
        public Cached {
            if (k < 1) {
                throw new ConfigurationException("teacher_top_k: received " + k + ", legal: 1 or more");
            }
        }

        /** One that this process runs. */
        public Cached(int k, TeacherDistributions.Tail tail, Path directory) {
            this(k, tail, directory, null);
        }

        /** The same, run by others. */
        public Cached by(TopTokenPasses others) {
            return new Cached(k, tail, directory, others);
        }
    }

    /**
     * It is elsewhere and is asked once for its most probable tokens at every row, which are stored in a file like those of
     * {@link Cached}; a bucket stands for the others. Rows that it does not answer are left out.
     *
     * @param teacher the teacher
     * @param k tokens kept of each distribution, 1 or more
     * @param directory where the file is kept
     * @param again whether a file in which rows are missing is asked for once more; false where a run is resumed, which
     *     needs the same rows
     */
    record Served(TopTokenTeacher teacher, int k, Path directory, boolean again) implements TeacherRole {
        /** @throws ConfigurationException unless k is 1 or more */
        public Served {
            if (k < 1) {
                throw new ConfigurationException("teacher_top_k: received " + k + ", legal: 1 or more");
            }
        }
    }

    /**
     * It learns the rows while the student learns from it (online distillation).
     *
     * @param rateFactor its learning rate as a multiple of the student's, above 0
     */
    record Learning(double rateFactor) implements TeacherRole {
        /** @throws ConfigurationException unless the factor is above 0 */
        public Learning {
            if (!(rateFactor > 0 && rateFactor < Double.POSITIVE_INFINITY)) {
                throw new ConfigurationException(
                        "teacher_learning_rate: received " + rateFactor + " times the student's, legal: above 0");
            }
        }
    }

    /**
     * It is the student as it was, and follows it slowly (self-distillation).
     *
     * @param decay share of itself that it keeps at each step, in [0, 1]; at 1 it stays the student at the start
     */
    record Slow(double decay) implements TeacherRole {
        /** @throws ConfigurationException unless decay is in its range */
        public Slow {
            if (!(decay >= 0 && decay <= 1)) {
                throw new ConfigurationException("ema_decay: received " + decay + ", legal: [0, 1]");
            }
        }
    }
}
