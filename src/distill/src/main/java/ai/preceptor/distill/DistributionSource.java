package ai.preceptor.distill;

import ai.preceptor.lm.TeacherDistributions;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.decoder.Taps;
import java.util.List;

/**
 * The source of a teacher's next-token distributions: a model beside the student's ({@link ModelTeacher}), a file
 * ({@code cache}), or {@link SeveralTeachers}.
 */
@FunctionalInterface
public interface DistributionSource {

    /**
     * @param rows the rows, in the order they were packed
     * @param batch the rows, packed
     * @param wanted hidden states and attention that are wanted too; often none
     * @return one distribution a target of {@code batch}; the caller closes it
     */
    TeacherDistributions of(List<TokenRow> rows, PackedBatch batch, Taps wanted);
}
