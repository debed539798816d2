package ai.preceptor.lm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison found at each target, all {@code [targets]}.
 *
 * @param logprobs log-probability of the target under the student at temperature 1, nats
 * @param entropies entropy of the student's distribution at temperature 1, nats
 * @param top1 1 where the target is the student's most probable token, else 0
 * @param divergences one array a term of the comparison, unweighted, nats: from the teacher, or from several as they were
 *     combined; 0 where no teacher has a distribution
 * @param compared targets at which a teacher has a distribution
 * @param teachers what was found of each teacher
 */
@SuppressWarnings("ArrayRecordComponent") // numbers to be summed, compared by nobody
public record ComparedTokens(
        float[] logprobs,
        float[] entropies,
        float[] top1,
        List<float[]> divergences,
        int compared,
        List<OfTeacher> teachers) {

    /**
     * What was found of one teacher.
     *
     * @param divergences one array a term, unweighted, nats; 0 where it has no distribution
     * @param compared targets at which it has one
     * @param mass of its most probable tokens; null where its distributions are whole
     */
    public record OfTeacher(
            List<float[]> divergences,
            int compared,
            @Nullable Mass mass) {}

    /**
     * Of the k tokens that are known of a teacher's distribution.
     *
     * @param student the student's probability of them together
     * @param teacher the teacher's
     * @param overlap share of them that are among the student's k most probable tokens
     */
    public record Mass(float[] student, float[] teacher, float[] overlap) {}
}
